// A card for each mark that is pointed at or has the focus: what its title says, line by
// line, with the lines to what it is connected to. It goes with Escape. A finger, which
// cannot point, shows it with the first tap, and follows the mark with the second.
const stage = document.querySelector(".stage");
const card = document.createElement("div");
card.id = "card";
card.className = "card";
card.setAttribute("role", "tooltip");
card.hidden = true;
document.querySelector("main").append(card);
let leaving = null;
let told = null; // the mark that it is the card of

function show(mark) {
    clearTimeout(leaving);
    const title = mark.querySelector("title");
    if (title) {
        // The browser's own tooltip would stand over the card.
        mark.dataset.told = title.textContent;
        title.remove();
    }
    const lines = mark.dataset.told.split("\n").map((line, place) => {
        const element = document.createElement(place ? "p" : "h3");
        element.textContent = line;
        return element;
    });
    card.replaceChildren(...lines);
    card.hidden = false;
    mark.setAttribute("aria-describedby", card.id);
    connect(mark.getAttribute("href"));
    told = mark;
    place();
}

// Puts the card below its mark, or above it where there is no room below.
function place() {
    const box = (told.querySelector(".core") ?? told.querySelector(".envelope")).getBoundingClientRect();
    const within = document.documentElement;
    const left = Math.min(Math.max(box.left, 8), within.clientWidth - card.offsetWidth - 8);
    const below = box.bottom + card.offsetHeight + 16 < within.clientHeight;
    card.style.left = `${left}px`;
    card.style.top = `${below ? box.bottom + 8 : box.top - card.offsetHeight - 12}px`;
}

// Shows the lines of the mark that leads there.
function connect(address) {
    for (const line of stage.querySelectorAll(".connection")) {
        const ends = [line.dataset.one, line.dataset.other];
        line.classList.toggle("shown", ends.includes(address));
    }
}

function hide() {
    clearTimeout(leaving);
    card.hidden = true;
    connect(null);
}

// The card stays with its mark, while that is drawn.
function stay() {
    if (card.hidden) {
        return;
    }
    if (stage.contains(told)) {
        place();
    } else {
        hide();
    }
}

const leave = () => {
    clearTimeout(leaving);
    leaving = setTimeout(hide, 200); // time enough to come to the card itself
};
const markOf = (event) => event.target.closest?.(".mark");

let isTouched = false; // whether a finger was the last to point

for (const comes of ["pointerover", "focusin"]) {
    stage.addEventListener(comes, (event) => {
        if (markOf(event) && !isTouched && event.pointerType !== "touch") {
            show(markOf(event));
        }
    });
}
for (const goes of ["pointerout", "focusout"]) {
    stage.addEventListener(goes, () => isTouched || leave());
}
document.addEventListener(
    "pointerdown",
    (event) => {
        isTouched = event.pointerType === "touch";
        if (isTouched && !markOf(event) && !card.contains(event.target)) {
            hide();
        }
    },
    { passive: true },
);
stage.addEventListener("click", (event) => {
    const mark = markOf(event);
    if (isTouched && mark && (card.hidden || told !== mark)) {
        event.preventDefault();
        show(mark);
    }
});
card.addEventListener("click", () => isTouched && location.assign(told.getAttribute("href")));
card.addEventListener("pointerenter", () => clearTimeout(leaving));
card.addEventListener("pointerleave", leave);
stage.addEventListener("moved", stay);
window.addEventListener("scroll", stay, { passive: true });
document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
        hide();
    }
});
