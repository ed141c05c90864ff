// Builds frontend/ into src/hangbiao/engines/pages/build/: one script, one stylesheet, one icon sheet, the worker that
// answers offline, the icons of the installed program, and a manifest of the names.
import { build } from "esbuild";
import { bundle } from "lightningcss";
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { png } from "./icons.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const out = path.join(root, "src/hangbiao/engines/pages/build");
const work = `${out}.new`;
const ICONS = [
  "layout-dashboard", "users", "target", "user", "refresh", "moon", "sun", "search", "x", "clock", "logout",
  "chevron-left", "chevron-right", "settings", "alert-triangle", "language", "columns", "bell", "inbox", "arrow-up", "arrow-down",
  "alert-circle", "info-circle", "camera", "check", "bug", "messages", "git-branch", "upload", "download", "history", "wifi-off", "palette", "calendar",
  "file-text", "map-pin", "database-import", "key", "shield-lock", "webhook", "api",
  "device-mobile", "book", "user-share", "adjustments",
];
const OLDEST = { chrome: 69 << 16, safari: 12 << 16, ios_saf: 12 << 16 };

const named = (text) => crypto.createHash("sha256").update(text).digest("hex").slice(0, 8);
const write = (name, text) => fs.writeFileSync(path.join(work, name), text);

async function script(source) {
  const made = await build({
    entryPoints: [path.join(root, "frontend", source)],
    bundle: true,
    format: "esm",
    minify: true,
    target: ["chrome69", "safari12"],
    supported: { destructuring: true }, // Safari 12 has it; esbuild is too careful here
    outdir: work,
    entryNames: "[name]-[hash]",
    metafile: true,
    legalComments: "linked",
  });
  return path.basename(Object.keys(made.metafile.outputs).find((name) => name.endsWith(".js")));
}

function stylesheet() {
  const { code } = bundle({ filename: path.join(root, "frontend/app.css"), minify: true, targets: OLDEST });
  const name = `app-${named(code)}.css`;
  write(name, code);
  return name;
}

function symbol(name) {
  const file = path.join(root, `node_modules/@tabler/icons/icons/outline/${name}.svg`);
  const inner = fs.readFileSync(file, "utf8").replace(/<!--[\s\S]*?-->/g, "").replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace("</svg>", "").replace(/\s*\n\s*/g, "");
  const pen = 'fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name}" viewBox="0 0 24 24" ${pen}>${inner}</symbol>`;
}

function icons() {
  const buoy = "M12 3v3M9.6 6.5h4.8l2 9.5H7.6zM4 18.5q2 1.6 4 0t4 0t4 0t4 0";
  const brand = `<symbol id="buoy" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linejoin="round" stroke-linecap="round"><path d="${buoy}"/></symbol>`;
  const sheet = `<svg xmlns="http://www.w3.org/2000/svg">${brand}${ICONS.map(symbol).join("")}</svg>`;
  const name = `icons-${named(sheet)}.svg`;
  write(name, sheet);
  write("icon.svg", `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="5" fill="#1d5f9e"/><path d="${buoy}" fill="none" stroke="#fff" stroke-width="1.6" stroke-linejoin="round"/></svg>`);
  return name;
}

async function worker(names) {
  const assets = [...Object.values(names).map((name) => `/static/${name}`), "/static/icon.svg"];
  await build({
    entryPoints: [path.join(root, "frontend/sw.js")],
    minify: true,
    target: ["chrome69", "safari12"],
    supported: { destructuring: true },
    outfile: path.join(work, "sw.js"),
    define: { ASSETS: JSON.stringify(assets), VERSION: JSON.stringify(named(assets.join())) },
  });
}

function installed() {
  write("icon-192.png", png(192));
  write("icon-512.png", png(512));
  write("icon-mask-512.png", png(512, { round: 0, room: 0.72 }));
  write("icon-touch.png", png(180, { round: 0, room: 0.86 }));
}

fs.rmSync(work, { recursive: true, force: true });
fs.mkdirSync(work, { recursive: true });
const started = Date.now();
const names = { app: await script("app.js"), css: stylesheet(), icons: icons() };
write("manifest.json", JSON.stringify({ ...names, dingtalk: await script("dingtalk.js") }));
await worker(names);
installed();
fs.rmSync(out, { recursive: true, force: true });
fs.renameSync(work, out);
console.log(`front end built in ${Date.now() - started} ms`);
