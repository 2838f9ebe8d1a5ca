// Gives the fields in which a related record is searched for the name of their label:
// the library that draws them leaves it out, and a screen reader then says "combobox".
"use strict";

(() => {
    const named = (container) => {
        const select = container.previousElementSibling;
        const label = select?.labels?.[0]?.textContent ?? select?.getAttribute("aria-label");
        const name = (label ?? select?.name ?? "").trim();
        for (const part of container.querySelectorAll("[role=combobox], [role=textbox]")) {
            part.setAttribute("aria-label", name);
        }
    };
    const look = (node) => {
        if (node instanceof Element) {
            for (const container of node.querySelectorAll(".select2-container")) {
                named(container);
            }
            if (node.matches(".select2-container")) {
                named(node);
            }
        }
    };
    document.addEventListener("DOMContentLoaded", () => {
        look(document.body);
        new MutationObserver((changes) => {
            for (const change of changes) {
                change.addedNodes.forEach(look);
            }
        }).observe(document.body, { childList: true, subtree: true });
    });
})();
