// Beside each field: how many sources say so. There they are read, and others are cited.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
    const data = document.getElementById("evidence-of-fields");
    const group = document.getElementById("citations-group");
    if (!data || !group) {
        return;
    }
    const { fields, current, words } = JSON.parse(data.textContent);
    const byName = new Map(fields.map((field) => [field.name, field]));

    function make(tag, attributes = {}, ...children) {
        const element = document.createElement(tag);
        for (const [name, value] of Object.entries(attributes)) {
            if (name.startsWith("on")) {
                element.addEventListener(name.slice(2), value);
            } else if (value !== false && value !== null) {
                element.setAttribute(name, value === true ? "" : value);
            }
        }
        element.append(...children);
        return element;
    }

    // The new rows of the formset of citations: what will be cited -------------------

    function input(row, name) {
        return row.querySelector(`[name$="-${name}"]`);
    }

    function newRows() {
        return [...group.querySelectorAll(".form-group.template")].filter(
            (row) => !row.classList.contains("empty-form") && input(row, "source"),
        );
    }

    // A row for each field; with a source in hand, what is said once of several fields
    // has one locator, and what waits without one joins them.
    let cited = 0;

    function rowFor(name) {
        const rows = newRows();
        const same = (row) =>
            input(row, "field").value === name &&
            input(row, "source").value === String(current?.key) &&
            !input(row, "locator").value;
        const waiting = rows.find(same) ?? rows.find((row) => !input(row, "source").value);
        if (!waiting) {
            group.querySelector(".add-row").click();
        }
        const row = waiting ?? newRows().at(-1);
        input(row, "field").value = name;
        if (current && !input(row, "source").value) {
            const source = input(row, "source");
            source.append(new Option(current.title, current.key, true, true));
            window.django.jQuery(source).trigger("change");
        }
        return row;
    }

    function drop(rows) {
        // From the last: where a row is removed, those behind it are written anew.
        rows.toReversed().forEach((row) => row.querySelector(".delete-template").click());
        show();
    }

    let editing = null; // where the keyboard goes back to from a locator

    function cite(names) {
        if (!names.length) {
            return;
        }
        if (!pending.contains(document.activeElement)) {
            editing = document.activeElement;
        }
        cited += 1;
        for (const row of names.map(rowFor)) {
            row.dataset.together = cited;
        }
        show();
        if (current) {
            pending.querySelector(`[data-together="${cited}"] input`)?.focus();
        } else {
            openCitations();
        }
    }

    function openCitations() {
        document.querySelector('[href="#citations"], [x-on\\:click*="citations"]')?.click();
        group.scrollIntoView({ block: "start" });
    }

    // What is filled in and not cited with a locator yet; the record itself if it waits.
    function filledIn() {
        const rows = newRows().filter((row) => input(row, "source").value);
        const ofField = (name) => rows.filter((row) => input(row, "field").value === name);
        const isFilled = ({ name, rows: listed }) => {
            const list = document.getElementById(`${listed}-group`);
            return list
                ? list.querySelector(".form-group:not(.empty-form)")
                : document.getElementsByName(name)[0]?.value.trim();
        };
        return fields
            .filter((field) => !field.by_current)
            .filter((field) => (field.name ? isFilled(field) : ofField("").length))
            .filter(({ name }) => !ofField(name).some((row) => input(row, "locator").value))
            .map(({ name }) => name);
    }

    // What will be cited ---------------------------------------------------------------

    const pending = make("section", { class: "will-be-cited", "aria-live": "polite" });

    function lineOf(rows) {
        const locators = rows.map((row) => input(row, "locator"));
        const typed = make("input", {
            type: "text",
            value: locators[0].value,
            placeholder: words.no_locator,
            "aria-label": words.locator,
            class: "will-be-cited-locator",
            oninput: (event) => {
                for (const locator of locators) {
                    locator.value = event.target.value;
                    locator.dispatchEvent(new Event("input", { bubbles: true }));
                }
            },
            // It ends the locator, and not the form.
            onkeydown: (event) => {
                if (event.key === "Enter") {
                    event.preventDefault();
                    editing?.focus();
                }
            },
        });
        const title = input(rows[0], "source").selectedOptions?.[0]?.textContent ?? "";
        const labels = rows.map((row) => byName.get(input(row, "field").value)?.label ?? "");
        const remove = make("button", { type: "button", onclick: () => drop(rows) }, words.remove);
        const told = `${labels.join(", ")}: ${title} · `;
        return make("li", { "data-together": rows[0].dataset.together }, told, typed, " ", remove);
    }

    function show() {
        const focused = pending.contains(document.activeElement)
            ? document.activeElement.closest("[data-together]")?.dataset.together
            : undefined;
        const open = pending.querySelector("details")?.open ?? false;
        const together = new Map();
        for (const row of newRows().filter((one) => input(one, "source").value)) {
            row.dataset.together ??= `${(cited += 1)}`;
            together.set(row.dataset.together, [...(together.get(row.dataset.together) ?? []), row]);
        }
        pending.replaceChildren();
        if (together.size) {
            const lines = [...together.values()].map(lineOf);
            pending.append(make("h2", {}, words.will_be_cited), make("ul", {}, ...lines));
        }
        if (current) {
            const all = { type: "button", "aria-keyshortcuts": "Alt+A", onclick: citeAll };
            pending.append(make("button", all, words.cite_all), several(open));
        }
        pending.hidden = !pending.childElementCount;
        if (focused) {
            pending.querySelector(`[data-together="${focused}"] input`)?.focus();
        }
        markPending([...together.values()].flat());
    }

    function citeAll() {
        cite(filledIn());
    }

    function several(open) {
        const boxes = fields.map(({ name, label }) =>
            make("label", {}, make("input", { type: "checkbox", value: name }), ` ${label}`),
        );
        const press = () => {
            const ticked = boxes.map((box) => box.firstChild).filter((box) => box.checked);
            cite(ticked.map((box) => box.value));
        };
        return make(
            "details",
            { open },
            make("summary", {}, words.several),
            make("div", { class: "several-fields" }, ...boxes),
            make("button", { type: "button", onclick: press }, words.cite_current),
        );
    }

    // The mark beside a field ----------------------------------------------------------

    function markOf(field, waits) {
        const text = waits ? words.waiting : field.mark || words.none;
        return field.in_rows ? `${field.label}: ${text}` : text;
    }

    function markPending(rows) {
        const names = new Set(rows.map((row) => input(row, "field").value));
        for (const button of document.querySelectorAll(".evidence-mark")) {
            const { field: name } = button.dataset;
            button.textContent = markOf(byName.get(name), names.has(name));
            button.classList.toggle("pending", names.has(name));
        }
    }

    function panelOf(field) {
        const told = field.citations.map(({ source, locator, stated, standing }) => {
            const parts = [source, locator || words.no_locator, stated && `“${stated}”`, standing];
            return make("li", {}, parts.filter(Boolean).join(" · "));
        });
        const none = make("p", {}, words.nothing);
        const more = field.more
            ? [make("button", { type: "button", onclick: openCitations }, words.more)]
            : [];
        const press = make(
            "button",
            { type: "button", onclick: () => cite([field.name]) },
            current ? `${words.cite_current}: ${current.title}` : words.choose,
        );
        return make("div", { class: "field-evidence" }, told.length ? make("ul", {}, ...told) : none, ...more, press);
    }

    function placeOf({ name, rows: listed }) {
        const row = document.querySelector(`#id_${name}, #id_${name}_0`);
        const label = document.querySelector(`label[for="id_${name}"], label[for="id_${name}_0"]`);
        if (label && !group.contains(label)) {
            return [label.parentElement, row?.closest(".grow") ?? label.parentElement];
        }
        const rows = document.getElementById(`${listed}-group`)?.querySelector("fieldset");
        return rows ? [rows, rows] : [];
    }

    function mark(field) {
        const [beside, below] = placeOf(field);
        if (!beside) {
            return;
        }
        field.in_rows = beside === below; // where no label of a field stands before it
        const panel = panelOf(field);
        panel.hidden = true;
        const button = make(
            "button",
            {
                type: "button",
                class: `evidence-mark${field.disputed ? " disputed" : ""}${field.mark ? "" : " none"}`,
                "aria-expanded": "false",
                "aria-keyshortcuts": "Alt+E",
                // Tab goes from input to input; by Alt+E an input opens what is beside it.
                tabindex: "-1",
                "data-field": field.name,
                title: `${field.label}: ${field.mark || words.none}`,
                onclick: () => {
                    panel.hidden = !panel.hidden;
                    button.setAttribute("aria-expanded", String(!panel.hidden));
                },
            },
            markOf(field),
        );
        if (field.in_rows) {
            beside.prepend(button, panel);
        } else {
            beside.append(button);
            below.append(panel);
        }
    }

    // The name of the field that has the keyboard, also where a search stands for it.
    function fieldOf(element) {
        const select = element.closest(".select2-container")?.previousElementSibling;
        const called = (select ?? element).name?.replace(/-.*/, "");
        return fields.find(({ name, rows }) => called && [name, rows].includes(called))?.name;
    }

    // By one key the source is cited for the field that is being edited, by another for
    // all that are filled in; by a third the citations of the field are opened.
    document.addEventListener("keydown", (event) => {
        if (!event.altKey || event.ctrlKey || event.metaKey) {
            return;
        }
        if (event.code === "KeyA" && current) {
            event.preventDefault();
            citeAll();
            return;
        }
        const name = fieldOf(event.target);
        if (name === undefined) {
            return;
        }
        if (event.code === "KeyC") {
            event.preventDefault();
            cite([name]);
        } else if (event.code === "KeyE") {
            event.preventDefault();
            const button = document.querySelector(`.evidence-mark[data-field="${name}"]`);
            button?.click();
            if (button?.getAttribute("aria-expanded") === "true") {
                button.closest("div").parentElement.querySelector(".field-evidence:not([hidden]) button")?.focus();
            }
        }
    });

    fields.forEach(mark);
    data.after(pending);
    document.addEventListener("formset:added", () => window.setTimeout(show));
    group.addEventListener("change", () => window.setTimeout(show));
    show();
});
