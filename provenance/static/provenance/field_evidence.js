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

    function addRow(name) {
        const waiting = newRows().find((row) => !input(row, "source").value);
        if (!waiting) {
            group.querySelector(".add-row").click();
        }
        const row = waiting ?? newRows().at(-1);
        input(row, "field").value = name;
        if (current) {
            const source = input(row, "source");
            source.append(new Option(current.title, current.key, true, true));
            window.django.jQuery(source).trigger("change");
        }
        return row;
    }

    function dropRow(row) {
        row.querySelector(".delete-template").click();
        show();
    }

    function cite(names) {
        const rows = names.map(addRow);
        show();
        if (current) {
            focusOn(input(rows.at(-1), "locator").name);
        } else {
            openCitations();
        }
    }

    function openCitations() {
        document.querySelector('[href="#citations"], [x-on\\:click*="citations"]')?.click();
        group.scrollIntoView({ block: "start" });
    }

    // What will be cited ---------------------------------------------------------------

    const pending = make("section", { class: "will-be-cited", "aria-live": "polite" });

    function lineOf(row) {
        const locator = input(row, "locator");
        const typed = make("input", {
            type: "text",
            value: locator.value,
            placeholder: words.no_locator,
            "aria-label": words.locator,
            class: "will-be-cited-locator",
            oninput: (event) => {
                locator.value = event.target.value;
                locator.dispatchEvent(new Event("input", { bubbles: true }));
            },
        });
        const source = input(row, "source");
        const title = source.selectedOptions?.[0]?.textContent ?? "";
        const label = byName.get(input(row, "field").value)?.label ?? "";
        const drop = make("button", { type: "button", onclick: () => dropRow(row) }, words.remove);
        return make("li", { "data-row": locator.name }, `${label}: ${title} · `, typed, " ", drop);
    }

    function focusOn(name) {
        pending.querySelector(`[data-row="${name}"] input`)?.focus();
    }

    function show() {
        const focused = pending.contains(document.activeElement)
            ? document.activeElement.closest("[data-row]")?.dataset.row
            : undefined;
        const rows = newRows().filter((row) => input(row, "source").value);
        pending.replaceChildren();
        if (rows.length) {
            pending.append(make("h2", {}, words.will_be_cited), make("ul", {}, ...rows.map(lineOf)));
        }
        if (current) {
            pending.append(several());
        }
        pending.hidden = !pending.childElementCount;
        if (focused) {
            focusOn(focused);
        }
    }

    function several() {
        const boxes = fields.map(({ name, label }) =>
            make("label", {}, make("input", { type: "checkbox", value: name }), ` ${label}`),
        );
        const press = () => {
            const ticked = boxes.map((box) => box.firstChild).filter((box) => box.checked);
            cite(ticked.map((box) => box.value));
        };
        return make(
            "details",
            {},
            make("summary", {}, words.several),
            make("div", { class: "several-fields" }, ...boxes),
            make("button", { type: "button", onclick: press }, words.cite_current),
        );
    }

    // The mark beside a field ----------------------------------------------------------

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

    function placeOf(name) {
        const row = document.querySelector(`#id_${name}, #id_${name}_0`);
        const label = document.querySelector(`label[for="id_${name}"], label[for="id_${name}_0"]`);
        if (label && !group.contains(label)) {
            return [label.parentElement, row?.closest(".grow") ?? label.parentElement];
        }
        const rows = document.getElementById(`${name}-group`)?.querySelector("fieldset");
        return rows ? [rows, rows] : [];
    }

    function mark(field) {
        const [beside, below] = placeOf(field.name);
        if (!beside) {
            return;
        }
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
            field.mark || words.none,
        );
        if (beside === below) {
            beside.prepend(button, panel);
        } else {
            beside.append(button);
            below.append(panel);
        }
    }

    // The name of the field that has the keyboard, also where a search stands for it.
    function fieldOf(element) {
        const select = element.closest(".select2-container")?.previousElementSibling;
        return (select ?? element).name?.replace(/-.*/, "");
    }

    // By one key the source is cited for the field that is being edited; by another its
    // citations are opened.
    document.addEventListener("keydown", (event) => {
        if (!event.altKey || event.ctrlKey || event.metaKey) {
            return;
        }
        const name = fieldOf(event.target);
        if (!byName.has(name)) {
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
