// Shows how far the reading or the writing of a long file is, while it goes on.
(() => {
    "use strict";

    async function* linesOf(answer) {
        const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
        let rest = "";
        for (;;) {
            const { done, value } = await reader.read();
            if (done) {
                return;
            }
            const lines = (rest + value).split("\n");
            rest = lines.pop();
            for (const line of lines) {
                yield JSON.parse(line);
            }
        }
    }

    async function follow(form) {
        const shown = form.querySelector(".progress");
        const bar = shown.querySelector("progress");
        const trouble = form.querySelector(".trouble");
        form.querySelector("[type=submit]").disabled = true;
        shown.hidden = false;
        trouble.hidden = true;
        try {
            const answer = await fetch(form.action, {
                method: "POST",
                body: new URLSearchParams(new FormData(form)),
                headers: { Accept: "application/x-ndjson" },
            });
            const kind = answer.headers.get("Content-Type") ?? "";
            if (!kind.startsWith("application/x-ndjson")) {
                location.reload(); // signed out, or gone: the page says so
                return;
            }
            for await (const line of linesOf(answer)) {
                if (line.address) {
                    location.replace(line.address);
                    return;
                }
                if (line.error) {
                    trouble.textContent = line.error;
                    break;
                }
                shown.querySelector("label span").textContent = line.work;
                bar.max = line.rows || 1;
                bar.value = line.done;
                shown.querySelector("output").textContent = `${line.done} / ${line.rows}`;
            }
        } catch {
            // No network: what the page says then stands in it already.
        }
        trouble.hidden = false;
        shown.hidden = true;
        form.querySelector("[type=submit]").disabled = false;
    }

    // What a worker does goes on whether somebody looks at it or not.
    async function look(shown) {
        try {
            const answer = await fetch(shown.dataset.follow);
            const standing = await answer.json();
            if (!["queued", "running"].includes(standing.state)) {
                location.reload();
                return;
            }
            const bar = shown.querySelector("progress");
            bar.max = standing.rows || 1;
            bar.value = standing.done;
            shown.querySelector("output").textContent = `${standing.done} / ${standing.rows}`;
        } catch {
            // No network, or signed out: it is asked again.
        }
        window.setTimeout(look, 1000, shown);
    }

    document.querySelectorAll("[data-follow]").forEach(look);

    for (const form of document.querySelectorAll("form[data-progress]")) {
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            follow(form);
        });
        if (form.dataset.progress) {
            follow(form);
        }
    }
})();
