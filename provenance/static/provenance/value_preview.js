// Says beside a date or a number what it means, while it is being typed.
(() => {
    "use strict";
    const waiting = new WeakMap();

    function say(input, text, wrong, readings = []) {
        const output = input.parentElement.querySelector("output.meaning");
        output.textContent = readings.length ? "" : text;
        readings.forEach((reading) => output.append(offer(reading)));
        output.classList.toggle("wrong", wrong);
        input.setAttribute("aria-invalid", String(wrong));
    }

    // What may be meant is offered and never taken unseen: by Tab the first of them.
    function offer({ text, beside, meaning }) {
        const button = document.createElement("button");
        button.type = "button";
        button.tabIndex = -1;
        button.className = "reading";
        button.dataset.reading = text;
        if (beside === undefined) {
            button.textContent = `${text}: ${meaning}`;
        } else {
            button.dataset.beside = beside;
            button.textContent = meaning;
        }
        return button;
    }

    // The other date of the span that a date is one end of, in the same row.
    function partnerOf(input) {
        const row = input.name.slice(0, input.name.lastIndexOf("-") + 1);
        return input.form.elements[row + input.dataset.partner];
    }

    function take(input, { reading, beside }) {
        if (beside !== undefined) {
            put(partnerOf(input), beside);
        }
        put(input, reading);
        input.focus();
    }

    function put(input, text) {
        input.value = text;
        say(input, "", false); // at once: nothing is offered any more
        input.dispatchEvent(new Event("input", { bubbles: true }));
        input.dispatchEvent(new Event("change", { bubbles: true }));
    }

    document.addEventListener("click", (event) => {
        const button = event.target.closest("[data-reading]");
        if (button) {
            take(button.closest(".meaning-input").querySelector("input"), button.dataset);
        }
    });

    document.addEventListener("keydown", (event) => {
        const input = event.target;
        if (event.key !== "Tab" || event.shiftKey || !input.dataset?.meaning) {
            return;
        }
        const first = input.parentElement.querySelector("[data-reading]");
        if (first) {
            event.preventDefault(); // the next Tab leaves the field
            take(input, first.dataset);
        }
    });

    async function ask(input) {
        const query = new URLSearchParams({
            kind: input.dataset.meaning,
            text: input.value,
        });
        const typed = input.value;
        try {
            const answer = await fetch(`${input.dataset.meaningUrl}?${query}`, {
                headers: { Accept: "application/json" },
            });
            if (!answer.ok || answer.redirected) {
                return; // signed out meanwhile: saving will say so
            }
            const { meaning, error, readings } = await answer.json();
            if (input.value === typed) {
                say(input, error ?? meaning, error !== undefined, readings);
            }
        } catch {
            say(input, "", false); // no network: saving will check it
        }
    }

    // A citation that is added is there to be filled in: open it.
    document.addEventListener("formset:added", (event) => {
        const heading = event.target.querySelector("[x-on\\:click*='openRow']");
        if (heading) {
            setTimeout(() => heading.click());
        }
    });

    // On the document, so that rows which are added later are heard as well.
    document.addEventListener("input", (event) => {
        const input = event.target;
        if (!(input instanceof HTMLInputElement) || !input.dataset.meaning) {
            return;
        }
        clearTimeout(waiting.get(input));
        waiting.set(input, setTimeout(ask, 250, input));
    });
})();
