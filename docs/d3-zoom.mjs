// What the timeline needs of d3, as one file: a quarter of the whole library. In a folder
// with this file, where TARGET is the folder in static/:
//
//   npm install d3-zoom@3.0.1 d3-scale@4.0.3 d3-array@3.2.5 d3-color@3.1.1 \
//       d3-dispatch@3.0.2 d3-drag@3.0.1 d3-ease@3.0.2 d3-format@3.1.3 \
//       d3-interpolate@3.0.2 d3-selection@3.0.1 d3-time@3.1.1 d3-time-format@4.1.1 \
//       d3-timer@3.0.2 d3-transition@3.0.2 internmap@2.0.3 esbuild@0.28.2
//   npx esbuild d3-zoom.mjs --bundle --minify --format=iife --global-name=d3 \
//       --target=es2020 --legal-comments=none --outfile=TARGET/d3-zoom.min.js
//
// The licences of all these packages are in TARGET/LICENSE.
import "d3-transition";

export { scaleUtc } from "d3-scale";
export { select } from "d3-selection";
export { zoom, zoomIdentity } from "d3-zoom";
