// Keys of the desk: / searches, Ctrl+S or ⌘S saves the form and stays on it.
"use strict";

document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        window.dispatchEvent(
            new KeyboardEvent("keydown", { key: "k", ctrlKey: true, metaKey: true }),
        );
    }
    if (event.key === "s" && (event.ctrlKey || event.metaKey) && !event.altKey) {
        const save =
            document.querySelector("[name=_continue]") ??
            document.querySelector("[name=_save]");
        if (save) {
            event.preventDefault();
            save.click();
        }
    }
});

// ? lists the keys.
document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "?" && !typing) {
        document.getElementById("keys")?.showModal();
    }
});

// Alt+N adds a row where rows are shown, or else of the first sort that the form has;
// Alt+Page down goes to the next tab.
document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) {
        return;
    }
    const tabs = [...document.querySelectorAll("#tabs-items a, #tabs-wrapper a")];
    const shown = (element) => element.offsetParent !== null;
    if (event.code === "PageDown" || event.code === "PageUp") {
        const now = tabs.findIndex((tab) => tab.classList.contains("active"));
        const step = event.code === "PageDown" ? 1 : -1;
        tabs[(now + step + tabs.length) % tabs.length]?.click();
        event.preventDefault();
    } else if (event.code === "KeyN") {
        const adders = [...document.querySelectorAll(".add-row a, a.add-row, .add-row button")];
        const rows = event.target.closest(".inline-group, [data-inline-formset]");
        const adder =
            adders.find((one) => shown(one) && rows?.contains(one)) ?? adders.find(shown) ?? adders[0];
        if (!adder) {
            return;
        }
        event.preventDefault();
        if (!shown(adder)) {
            const group = adder.closest("[id$=-group]");
            const name = group.id.replace(/-group$/, "");
            document.querySelector(`#tabs-items a[href="#${name}"], a[href="#${name}"]`)?.click();
        }
        window.setTimeout(() => adder.click());
    }
});

// A row that was added has the keyboard, in the first field that is not filled in by then.
document.addEventListener("formset:added", (event) => {
    const row = event.target;
    const counted = row.querySelector("[data-counted]");
    if (counted) {
        const ending = counted.name.replace(/^.*-/, "-");
        const others = [...document.querySelectorAll(`[data-counted][name$="${ending}"]`)];
        const numbers = others.map((one) => Number.parseInt(one.value, 10) || 0);
        counted.value = Math.max(0, ...numbers) + 1;
    }
    window.setTimeout(() => {
        const inputs = row.querySelectorAll(
            "input:not([type=hidden]):not([type=checkbox]), select, textarea",
        );
        const first = [...inputs].find((input) => !input.value);
        const search = first?.nextElementSibling?.querySelector(".select2-selection");
        (search ?? first)?.focus();
        if (search && window.matchMedia("(hover: none)").matches) {
            window.django.jQuery(first).select2("open"); // letters come from the screen
        }
    });
});

// A tab says how many rows it has, those that are not saved yet too.
function countRows() {
    for (const tab of document.querySelectorAll("#tabs-items a[href^='#']")) {
        const added = `#${tab.hash.slice(1)}-group .form-group.template:not(.empty-form)`;
        const number = tab.querySelector("span:not(.bg-red-500)");
        if (number) {
            number.dataset.saved ??= number.textContent.trim();
            number.textContent = Number(number.dataset.saved) + document.querySelectorAll(added).length;
        }
    }
}

for (const event of ["DOMContentLoaded", "formset:added", "formset:removed"]) {
    document.addEventListener(event, () => window.setTimeout(countRows));
}

// The order of columns.
document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    const item = button?.closest("li");
    if (!item) {
        return;
    }
    if (button.dataset.move === "-1") {
        item.previousElementSibling?.before(item);
    } else {
        item.nextElementSibling?.after(item);
    }
    button.focus();
});
