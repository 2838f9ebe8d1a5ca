// Moves through the timeline without a reload: wheel, pinch, drag, keys and buttons look
// at another window of its time. The page for that window is asked of the server, which
// draws it; until it comes, what is drawn is moved and stretched as one. Without this
// script each window is a link or a form.
const stage = document.querySelector(".stage");
const SETTLED = 150; // milliseconds without a move, until the server is asked
const SHORTEST = 4; // days that a window shows at least
const A_DAY = 86_400_000;
const STEPS = { ArrowLeft: -0.25, ArrowRight: 0.25 };
const FACTORS = { "+": 2, "=": 2, "-": 0.5 };
const WAYS = {
    earlier: () => pan(-0.5),
    later: () => pan(0.5),
    in: () => magnify(2),
    out: () => magnify(0.5),
    whole: () => magnify(0),
};

const time = (text) => Date.parse(`${text}T00:00Z`);
const scale = d3
    .scaleUtc()
    .domain(stage.dataset.days.split(" ").map(time))
    .range(stage.dataset.room.split(" ").map(Number))
    .clamp(true);

// Windows: from where to where they reach in the room that days have, from 0 to 1.
const reach = (from, to) => [scale(time(from)), scale(time(to))];
let drawn = reach(stage.dataset.first, stage.dataset.last);
let seen = drawn;

const selection = d3.select(stage);
const behaviour = d3.zoom().filter(takes).on("zoom", see);

// A wheel scrolls the page, unless the drawing is in use; one finger does so always.
function takes(event) {
    if (event.type === "wheel") {
        const isIn = event.ctrlKey || event.metaKey || stage.contains(document.activeElement);
        return isIn && !isSideways(event);
    }
    return event.touches ? event.touches.length > 1 : !event.button && !event.ctrlKey;
}

const isSideways = (event) => !event.ctrlKey && Math.abs(event.deltaX) > Math.abs(event.deltaY);

function see({ transform, sourceEvent }) {
    const left = -transform.x / (transform.k * stage.clientWidth);
    seen = [left, left + 1 / transform.k];
    place();
    if (sourceEvent) {
        ask();
    }
}

// Puts what is drawn where it stands in the window that is seen.
function place() {
    const width = seen[1] - seen[0];
    const moving = stage.querySelector(".moving");
    moving.setAttribute("x", `${(100 * (drawn[0] - seen[0])) / width}%`);
    moving.setAttribute("width", `${(100 * (drawn[1] - drawn[0])) / width}%`);
    stage.dispatchEvent(new Event("moved"));
}

// Has d3 begin from the window that is seen, which ends where the record does; it can be
// narrowed to some days, which have more room where much happened.
function begin() {
    const [left, right] = seen;
    const middle = scale.invert((left + right) / 2).getTime();
    const days = (SHORTEST / 2) * A_DAY;
    const shortest = scale(middle + days) - scale(middle - days);
    const [width, k] = [stage.clientWidth, 1 / (right - left)];
    behaviour
        .extent([[0, 0], [width, stage.clientHeight]])
        .translateExtent([[0, -Infinity], [width, Infinity]])
        .scaleExtent([1, Math.max(1 / shortest, k)]);
    selection.call(behaviour.transform, d3.zoomIdentity.translate(-left * width * k, 0).scale(k));
}

const smoothly = () => {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    return selection.transition().duration(still ? 0 : 250).on("end", ask);
};
const pan = (part) => smoothly().call(behaviour.translateBy, -part * (seen[1] - seen[0]) * stage.clientWidth, 0);
const magnify = (factor) => {
    if (factor) {
        smoothly().call(behaviour.scaleBy, factor);
    } else {
        smoothly().call(behaviour.transform, d3.zoomIdentity);
    }
};

// The page for the window that is seen.

let waiting = null;
let asking = null;

function ask() {
    clearTimeout(waiting);
    waiting = setTimeout(fetchPage, SETTLED);
}

const inWords = (when) => new Date(when).toISOString().slice(0, 10);

function addressOf([left, right]) {
    const address = new URL(stage.dataset.whole, location.href);
    if (right - left < 0.999) {
        const first = scale.invert(left).getTime();
        const last = Math.max(scale.invert(right).getTime() - A_DAY, first);
        address.searchParams.set("from", inWords(first));
        address.searchParams.set("to", inWords(last));
    }
    return address;
}

async function fetchPage() {
    begin();
    asking?.abort();
    asking = new AbortController();
    const address = addressOf(seen);
    try {
        const answer = await fetch(address, { signal: asking.signal });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (!page.querySelector(".stage")) {
            location.assign(address); // which says what is wrong
            return;
        }
        history.replaceState(null, "", address);
        follow(page);
    } catch (error) {
        if (error.name !== "AbortError") {
            location.assign(address);
        }
    }
}

// How a link of the drawing, or to another window, is found again.
function sameAs(link) {
    if (link.matches(".mark")) {
        return `.mark[href="${CSS.escape(link.getAttribute("href"))}"]`;
    }
    return link.dataset.way ? `[data-way="${link.dataset.way}"]` : "";
}

// Takes from the page for another window what depends on it; the focus stays where it is.
function follow(page) {
    const focused = document.activeElement;
    const same = sameAs(focused);
    for (const part of document.querySelectorAll("[data-part]")) {
        const other = page.querySelector(`[data-part="${part.dataset.part}"]`);
        if (other && !(focused.matches("input") && part.contains(focused))) {
            part.replaceChildren(...other.childNodes);
        }
    }
    const there = page.querySelectorAll("a[hreflang]");
    document.querySelectorAll("a[hreflang]").forEach((link, place) => {
        link.href = there[place]?.href ?? link.href;
    });
    const { first, last } = page.querySelector(".stage").dataset;
    drawn = reach(first, last);
    place();
    if (same && !document.contains(focused)) {
        (document.querySelector(same) ?? stage).focus({ preventScroll: true });
    }
}

// What is listened to.

stage.tabIndex = 0;
selection.call(behaviour);
new ResizeObserver(begin).observe(stage);
stage.addEventListener(
    "wheel",
    (event) => {
        if (isSideways(event)) {
            event.preventDefault();
            selection.call(behaviour.translateBy, -event.deltaX * (seen[1] - seen[0]), 0);
            ask();
        }
    },
    { passive: false },
);
stage.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
        return;
    }
    if (event.key in STEPS) {
        pan(STEPS[event.key]);
    } else if (event.key in FACTORS) {
        magnify(FACTORS[event.key]);
    } else if (event.key === "Home") {
        magnify(0);
    } else {
        return;
    }
    event.preventDefault();
});
document.addEventListener("click", (event) => {
    const way = event.target.closest("[data-way]");
    if (way && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        WAYS[way.dataset.way]();
    }
});
document.addEventListener("brushed", (event) => {
    event.preventDefault();
    seen = reach(event.detail.from, event.detail.to);
    begin();
    ask();
});
document.querySelector(".hint").hidden = false;
