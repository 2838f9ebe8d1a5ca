// A stretch of a drawing that is dragged over is asked for: the page with these days.
// Without a script the form beside the list does the same.
"use strict";

for (const figure of document.querySelectorAll("[data-brush]")) {
    const svg = figure.querySelector("svg");
    const first = Date.parse(figure.dataset.first);
    const last = Date.parse(figure.dataset.last);
    const stretch = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    stretch.setAttribute("class", "stretch");
    stretch.setAttribute("height", "100%");
    let from = null;
    let dragged = false;

    const part = (event) => {
        const box = svg.getBoundingClientRect();
        return Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
    };
    const day = (where) => new Date(first + where * (last - first)).toISOString().slice(0, 10);
    const forget = () => {
        from = null;
        stretch.remove();
    };

    svg.addEventListener("dragstart", (event) => event.preventDefault());
    svg.addEventListener("pointerdown", (event) => {
        if (event.button === 0 && event.pointerType !== "touch") {
            from = part(event);
            dragged = false;
        }
    });
    window.addEventListener("pointermove", (event) => {
        if (from === null) {
            return;
        }
        const [left, right] = [from, part(event)].sort((a, b) => a - b);
        if (dragged || (right - left) * svg.getBoundingClientRect().width > 8) {
            dragged = true;
            stretch.setAttribute("x", `${100 * left}%`);
            stretch.setAttribute("width", `${100 * (right - left)}%`);
            svg.append(stretch);
        }
    });
    window.addEventListener("pointerup", (event) => {
        if (from !== null && dragged) {
            const [left, right] = [from, part(event)].sort((a, b) => a - b);
            const address = new URL(figure.dataset.brush, location.href);
            address.searchParams.set("from", day(left));
            address.searchParams.set("to", day(right));
            location.assign(address);
        }
        forget();
    });
    window.addEventListener("pointercancel", forget);
    // What ends a drag is no click on the mark under it.
    svg.addEventListener(
        "click",
        (event) => {
            if (dragged) {
                event.preventDefault();
                dragged = false;
            }
        },
        true,
    );
}
