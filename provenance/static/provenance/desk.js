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
