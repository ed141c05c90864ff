// What a page needs from JavaScript: htmx, the drawer, keys, forms that lose nothing, the worker that answers offline.
// Every page works without it, except where there is no network.
import "./js/old-browsers.js";
import htmx from "htmx.org/dist/htmx.esm.js";
import "./js/drawer.js";
import "./js/strip.js";
import "./js/menus.js";
import "./js/passkey.js";
import "./js/clock.js";
import "./js/requests.js";
import "./js/tables.js";
import "./js/photos.js";
import "./js/keys.js";
import "./js/keep.js";
import "./js/install.js";
import "./js/drop.js";
window.htmx = htmx;
