"""What is wrong in a file that was read: every fault with its line and its column."""

from ..tables import Fault


def faults_of(result, leaving_out=lambda problem: False):
    """The faults in the result of an import, in the order of their lines.

    ``leaving_out`` is asked of each ValidationError whether it is to be passed over.
    """
    faults = [Fault(0, str(error.error)) for error in result.base_errors]
    for row in result.error_rows:
        line = result.lines[row.number - 1]
        faults += [Fault(line, str(error.error)) for error in row.errors]
    for row in result.invalid_rows:
        line, errors = result.lines[row.number - 1], row.error
        columns = getattr(errors, "error_dict", None) or {"": errors.error_list}
        for column, problems in columns.items():
            name = "" if column == "__all__" else column
            faults += [
                Fault(line, message, name)
                for problem in problems
                if not leaving_out(problem)
                for message in problem.messages
            ]
    return sorted(faults, key=lambda fault: fault.line)
