// What a page needs from JavaScript: htmx, the drawer, keys inside a strip of lamps. Everything works without it.
import "./js/old-browsers.js";
import htmx from "htmx.org/dist/htmx.esm.js";
import "./js/drawer.js";
import "./js/strip.js";
import "./js/menus.js";
import "./js/clock.js";
window.htmx = htmx;
