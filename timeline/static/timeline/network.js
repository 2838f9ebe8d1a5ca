// Lays a network out by what is connected with what, shows whose lines are whose, and
// gives the time two sliders. Without a script it is a ring, and the time two fields.
"use strict";

const FORCE = { distance: 130, charge: -700, room: 30 };
const ROOM = { mark: 28, name: 190, wide: 700 }; // pixels that are kept free at the edges

function layOut(svg) {
    const [width, height] = [svg.clientWidth, svg.clientHeight];
    const nodes = [...svg.querySelectorAll("[data-node]")].map((element) => ({
        element,
        id: element.dataset.node,
        x: (parseFloat(element.getAttribute("x")) * width) / 100,
        y: parseFloat(element.getAttribute("y")),
    }));
    const links = [...svg.querySelectorAll("line[data-from]")].map((element) => ({
        element,
        source: element.dataset.from,
        target: element.dataset.to,
        thickness: parseFloat(element.getAttribute("stroke-width")),
    }));
    d3.forceSimulation(nodes)
        .force("link", d3.forceLink(links).id((node) => node.id)
            .distance((link) => FORCE.distance - 8 * link.thickness).strength(0.15))
        .force("charge", d3.forceManyBody().strength(FORCE.charge))
        .force("room", d3.forceCollide(FORCE.room))
        .force("x", d3.forceX(width / 2).strength(0.1))
        .force("y", d3.forceY(height / 2).strength(0.1))
        .stop()
        .tick(300);
    stretch(nodes, "x", width, width > ROOM.wide ? ROOM.name : ROOM.mark);
    stretch(nodes, "y", height, ROOM.mark);
    for (const node of nodes) {
        node.element.setAttribute("x", `${(100 * node.x) / width}%`);
        node.element.setAttribute("y", node.y);
    }
    callThem(nodes, width);
    for (const { element, source, target } of links) {
        element.setAttribute("x1", `${(100 * source.x) / width}%`);
        element.setAttribute("y1", source.y);
        element.setAttribute("x2", `${(100 * target.x) / width}%`);
        element.setAttribute("y2", target.y);
    }
}

// Names stand where they cover the fewest marks and other names, the closest ones first.
function callThem(nodes, width) {
    const taken = nodes.map(({ x, y }) => ({
        left: x - ROOM.mark / 2, right: x + ROOM.mark / 2,
        top: y - ROOM.mark / 2, bottom: y + ROOM.mark / 2,
    }));
    for (const node of nodes) {
        const name = node.element.querySelector(".name");
        let best = { covered: Infinity };
        for (const side of sidesOf(node.x, width, name)) {
            const box = boxOf(node, name, side);
            const covered = taken.filter((other) => overlap(box, other)).length;
            best = covered < best.covered ? { covered, box, side } : best;
        }
        name.setAttribute("class", `name at-${best.side}`);
        taken.push(best.box);
    }
}

// The sides of a mark on which a name has room: the first is that away from the middle.
function sidesOf(x, width, name) {
    const length = name.getComputedTextLength() + ROOM.mark;
    const part = x / width;
    const first = part > 0.55 ? "start" : part < 0.45 ? "end" : "middle";
    const room = { start: x + length < width, end: x > length, middle: true, below: true };
    return [first, "start", "end", "middle", "below"].filter((side) => room[side]);
}

// Where a name stands on a side, as the style sheet moves it there.
function boxOf(node, name, side) {
    const length = name.getComputedTextLength();
    const left = node.x + ({ start: 17, end: -17 - length }[side] ?? -length / 2);
    const middle = node.y + ({ middle: -23, below: 23 }[side] ?? 0);
    return { left, right: left + length, top: middle - 8, bottom: middle + 8 };
}

function overlap(one, other) {
    return one.left < other.right && other.left < one.right
        && one.top < other.bottom && other.top < one.bottom;
}

// All of the room that there is is used.
function stretch(nodes, side, size, room) {
    const places = nodes.map((node) => node[side]);
    const [low, high] = [Math.min(...places), Math.max(...places)];
    for (const node of nodes) {
        const part = high > low ? (node[side] - low) / (high - low) : 0.5;
        node[side] = room + part * (size - 2 * room);
    }
}

// Whose mark is pointed at or focused, has its lines before all others.
function tellApart(svg) {
    const show = (id) => {
        svg.classList.toggle("telling", Boolean(id));
        for (const line of svg.querySelectorAll("line[data-from]")) {
            line.classList.toggle("told", [line.dataset.from, line.dataset.to].includes(id));
        }
    };
    const of = (event) => event.target.closest?.("a")?.querySelector("[data-node]")?.dataset.node;
    for (const name of ["pointerover", "focusin"]) {
        svg.addEventListener(name, (event) => show(of(event)));
    }
    for (const name of ["pointerleave", "focusout"]) {
        svg.addEventListener(name, () => show(""));
    }
}

function slide(form) {
    const [first, last] = form.dataset.years.split(" ").map(Number);
    if (first === last) {
        return;
    }
    for (const [name, otherwise] of [["from", first], ["to", last]]) {
        const field = form.elements[name];
        const range = document.createElement("input");
        const year = parseInt(field.value, 10);
        range.type = "range";
        [range.min, range.max] = [first, last];
        range.value = Number.isNaN(year) ? otherwise : year;
        range.setAttribute("aria-label", field.labels[0].textContent);
        range.addEventListener("input", () => {
            field.value = Number(range.value) === otherwise ? "" : range.value;
        });
        range.addEventListener("change", () => form.requestSubmit());
        field.after(range);
    }
}

for (const svg of document.querySelectorAll("svg.network")) {
    layOut(svg);
    tellApart(svg);
}
for (const form of document.querySelectorAll("form[data-years]")) {
    slide(form);
}
