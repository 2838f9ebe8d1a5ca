// Moves through the timeline without a reload: wheel, pinch, drag, keys and buttons look
// at another window of its time. The page for that window is asked of the server, which
// draws it; until it comes, what is drawn is moved and stretched as one. Without this
// script each window is a link or a form.
const stage = document.querySelector(".stage");
const SETTLED = 150; // milliseconds without a move, until the server is asked
const SHORTEST = 4; // days that a window shows at least
const A_DAY = 86_400_000;
const A_MINUTE = 60_000;
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

// How wide the drawing is: asked of the page in a frame, it would be laid out anew.
let wide = stage.clientWidth;

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
    const left = -transform.x / (transform.k * wide);
    seen = [left, left + 1 / transform.k];
    due ||= requestAnimationFrame(place); // once in a frame, however often it moves
    if (sourceEvent) {
        ask();
    }
}

let due = 0;

// Puts what is drawn where it stands in the window that is seen.
function place() {
    due = 0;
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
    const [width, k] = [wide, 1 / (right - left)];
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
const pan = (part) => smoothly().call(behaviour.translateBy, -part * (seen[1] - seen[0]) * wide, 0);
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
        const [first, behind] = [left, right].map((edge) => scale.invert(edge).getTime());
        // All days of which something is seen, but for what rounding leaves of one.
        const days = Math.ceil((behind - A_MINUTE) / A_DAY);
        const last = Math.max((days - 1) * A_DAY, first);
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
        await follow(page);
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

// Takes from the page for another window what depends on it: first what is drawn, then
// each other part in a frame of its own, and last the words for the window.
async function follow(page) {
    const mine = asking;
    await new Promise(requestAnimationFrame); // to read the page took one
    const there = page.querySelectorAll("a[hreflang]");
    document.querySelectorAll("a[hreflang]").forEach((link, place) => {
        link.href = there[place]?.href ?? link.href;
    });
    if (mine !== asking) {
        return; // another window is asked for by now
    }
    take(page, "drawing");
    const { first, last } = page.querySelector(".stage").dataset;
    drawn = reach(first, last);
    place();
    for (const part of ["legend", "strip", "narrowing", "more", "list", "facets", "choices"]) {
        await new Promise(requestAnimationFrame);
        if (mine !== asking) {
            return;
        }
        take(page, part);
    }
}

// Takes one part of another page; the focus stays where it is.
function take(page, name) {
    const focused = document.activeElement;
    const same = sameAs(focused);
    const [part, other] = [document, page].map((each) => each.querySelector(`[data-part="${name}"]`));
    if (part && other && !(focused.matches("input") && part.contains(focused))) {
        part.replaceChildren(...other.childNodes);
    }
    if (same && !document.contains(focused)) {
        (document.querySelector(same) ?? stage).focus({ preventScroll: true });
    }
}

// What is listened to.

stage.tabIndex = 0;
selection.call(behaviour);
new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width) { // none while the page is hidden: a window of it is none, too
        wide = contentRect.width;
        begin();
    }
}).observe(stage);
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
