"""What is wrong in a file that was read: every fault with its line and its column."""

from ..tables import Fault


def faults_of(result, withheld=None):
    """The faults in the result of an import, in the order of their lines.

    A record that is missing only because its own row is wrong is one fault, not two.
    ``withheld`` says of other files which slugs their faults kept out, by model.
    """
    withheld = {**(withheld or {}), result.model: result.brought}
    faults = [Fault(0, str(error.error)) for error in result.base_errors]
    for row in result.error_rows:
        line = result.lines[row.number - 1]
        faults += [Fault(line, str(error.error)) for error in row.errors]
    for row in result.invalid_rows:
        line, errors = line_of(result, row.number), row.error
        columns = getattr(errors, "error_dict", None) or {"": errors.error_list}
        for column, problems in columns.items():
            name = "" if column == "__all__" else column
            faults += [
                Fault(line, message, name)
                for problem in problems
                if not _follows(problem, withheld)
                for message in problem.messages
            ]
    return sorted(faults, key=lambda fault: fault.line)


def line_of(result, number):
    """The line of a row in its file; 0 for none in particular."""
    return result.lines[number - 1] if number else 0


def _follows(problem, withheld):
    """Whether a slug is unknown only because its own row was wrong."""
    if problem.code != "unknown":
        return False
    model, slug = problem.params["of"], problem.params["slug"]
    return any(
        withheld[kind] is None or slug in withheld[kind]
        for kind in withheld
        if kind is not None and issubclass(kind, model)
    )
