// The page on which a source is entered: the forms of its records stand beside its text.
"use strict";

(() => {
    const records = document.querySelector(".entering-records");
    const form = records.querySelector(".entering-form");
    const place = form.querySelector(".entering-frame");
    const title = form.querySelector(".entering-title");
    const said = records.querySelector(".entering-said");
    const entered = records.querySelector(".entering-entered");
    let last = null;

    function show(link) {
        last = link;
        const frame = document.createElement("iframe");
        frame.name = "entered__1";
        frame.title = labelOf(link);
        const address = new URL(link.href);
        address.searchParams.set("_popup", "1");
        frame.src = address;
        title.textContent = frame.title;
        place.replaceChildren(frame);
        form.hidden = false;
        form.scrollIntoView({ block: "start" });
        frame.focus(); // so that no letter that is typed by now is a key of this page
        said.textContent = "";
        for (const each of records.querySelectorAll("[data-enter]")) {
            each.toggleAttribute("aria-current", each === link);
        }
    }

    // What is called by a key is not called by the key.
    function labelOf(link) {
        return (link.querySelector("kbd")?.nextSibling ?? link).textContent.trim();
    }

    function close() {
        form.hidden = true;
        place.replaceChildren();
        (last?.isConnected ? last : records.querySelector("[data-enter]"))?.focus();
    }

    async function saved(_frame, _key, label) {
        close();
        said.textContent = `${said.dataset.saved} ${label}`;
        const answer = await fetch(entered.dataset.address);
        if (answer.ok && !answer.redirected) {
            entered.lastElementChild.innerHTML = await answer.text();
        }
    }

    // Django's answer to a form in a frame.
    window.dismissAddRelatedObjectPopup = saved;
    window.dismissChangeRelatedObjectPopup = (frame, key, label) => saved(frame, key, label);
    window.dismissChildPopups ??= () => {};
    window.closePanel = close;

    // What stands above the form, where it is in reach however far one has scrolled.
    form.querySelector("[data-close]").addEventListener("click", close);
    form.querySelector("[data-save]").addEventListener("click", () => {
        place.querySelector("iframe").contentDocument.querySelector("[name=_save]")?.click();
    });
    form.querySelector("[data-text]").addEventListener("click", (event) => {
        const button = event.currentTarget;
        const shown = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(shown));
        form.parentElement.parentElement.classList.toggle("with-text", shown);
    });

    document.addEventListener("click", (event) => {
        const link = event.target.closest("[data-enter], [data-panel]");
        if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
            event.preventDefault();
            show(link);
        }
    });

    // While no form is open, one key opens one.
    document.addEventListener("keydown", (event) => {
        const typing = event.target.closest("input, textarea, select, [contenteditable]");
        if (typing || !form.hidden || event.ctrlKey || event.metaKey || event.altKey) {
            return;
        }
        const link = records.querySelector(`[data-enter="${CSS.escape(event.key)}"]`);
        if (link) {
            event.preventDefault();
            show(link);
        }
    });

    // Alt+Q: what is marked in the text becomes the quotation of the citation.
    document.addEventListener("keydown", quote);

    function quote(event) {
        const marked = window.getSelection().toString().trim(); // on this page
        const typesSign = event.ctrlKey || event.metaKey || event.getModifierState("AltGraph");
        if (!event.altKey || typesSign || event.code !== "KeyQ" || !marked) {
            return;
        }
        const inner = place.querySelector("iframe")?.contentDocument;
        const places = [...(inner?.querySelectorAll('#citations-group [name$="-quotation"]') ?? [])];
        const field = places.filter((one) => !one.name.includes("__prefix__")).at(-1);
        if (field) {
            event.preventDefault();
            field.value = marked;
            field.dispatchEvent(new Event("input", { bubbles: true }));
            said.textContent = `“${marked.slice(0, 80)}”`;
        }
    }

    window.quoteFromText = quote; // for the form in the frame, which has the keyboard
})();
