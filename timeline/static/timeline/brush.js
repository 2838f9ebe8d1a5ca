// A stretch of the strip of years that is dragged over is asked for: by whoever moves the
// timeline, or else as the page with these days. Without a script the form beside the list
// does the same.
for (const figure of document.querySelectorAll("[data-brush]")) {
    const first = Date.parse(figure.dataset.first);
    const last = Date.parse(figure.dataset.last);
    const stretch = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    stretch.setAttribute("class", "stretch");
    stretch.setAttribute("height", "100%");
    let from = null;
    let dragged = false;

    const svg = () => figure.querySelector("svg");
    const part = (event) => {
        const box = svg().getBoundingClientRect();
        return Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
    };
    const day = (where) => new Date(first + where * (last - first)).toISOString().slice(0, 10);
    const forget = () => {
        from = null;
        stretch.remove();
    };
    const ask = (days) => {
        const brushed = new CustomEvent("brushed", { bubbles: true, cancelable: true, detail: days });
        if (figure.dispatchEvent(brushed)) {
            const address = new URL(figure.dataset.brush, location.href);
            address.searchParams.set("from", days.from);
            address.searchParams.set("to", days.to);
            location.assign(address);
        }
    };

    figure.addEventListener("dragstart", (event) => event.preventDefault());
    figure.addEventListener("pointerdown", (event) => {
        if (event.button === 0 && event.pointerType !== "touch" && svg().contains(event.target)) {
            from = part(event);
            dragged = false;
        }
    });
    window.addEventListener("pointermove", (event) => {
        if (from === null) {
            return;
        }
        const [left, right] = [from, part(event)].sort((a, b) => a - b);
        if (dragged || (right - left) * svg().getBoundingClientRect().width > 8) {
            dragged = true;
            stretch.setAttribute("x", `${100 * left}%`);
            stretch.setAttribute("width", `${100 * (right - left)}%`);
            svg().append(stretch);
        }
    });
    window.addEventListener("pointerup", (event) => {
        if (from !== null && dragged) {
            const [left, right] = [from, part(event)].sort((a, b) => a - b);
            ask({ from: day(left), to: day(right) });
        }
        forget();
    });
    window.addEventListener("pointercancel", forget);
    // What ends a drag is no click on the bar under it.
    figure.addEventListener(
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
