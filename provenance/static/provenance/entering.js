// The page on which a source is entered: the forms of its records stand beside its text.
"use strict";

(() => {
    const records = document.querySelector(".entering-records");
    const place = records.querySelector(".entering-form");
    const said = records.querySelector(".entering-said");
    const entered = records.querySelector(".entering-entered");
    let last = null;

    function show(link) {
        last = link;
        const frame = document.createElement("iframe");
        frame.name = "entered__1";
        frame.title = link.textContent.trim();
        const address = new URL(link.href);
        address.searchParams.set("_popup", "1");
        frame.src = address;
        place.replaceChildren(frame);
        place.hidden = false;
        frame.focus(); // so that no letter that is typed by now is a key of this page
        said.textContent = "";
        for (const each of records.querySelectorAll("[data-enter]")) {
            each.toggleAttribute("aria-current", each === link);
        }
    }

    async function saved(_frame, _key, label) {
        place.hidden = true;
        place.replaceChildren();
        said.textContent = `${said.dataset.saved} ${label}`;
        (last?.isConnected ? last : records.querySelector("[data-enter]"))?.focus();
        const answer = await fetch(entered.dataset.address);
        if (answer.ok && !answer.redirected) {
            entered.lastElementChild.innerHTML = await answer.text();
        }
    }

    // Django's answer to a form in a frame.
    window.dismissAddRelatedObjectPopup = saved;
    window.dismissChangeRelatedObjectPopup = (frame, key, label) => saved(frame, key, label);
    window.dismissChildPopups ??= () => {};

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
        if (typing || !place.hidden || event.ctrlKey || event.metaKey || event.altKey) {
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
