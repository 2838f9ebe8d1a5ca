// Says beside a date or a number what it means, while it is being typed.
(() => {
    "use strict";
    const waiting = new WeakMap();

    function say(input, text, wrong) {
        const output = input.parentElement.querySelector("output.meaning");
        output.textContent = text;
        output.classList.toggle("wrong", wrong);
        input.setAttribute("aria-invalid", String(wrong));
    }

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
            const { meaning, error } = await answer.json();
            if (input.value === typed) {
                say(input, error ?? meaning, error !== undefined);
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
