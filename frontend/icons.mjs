// The icons of the installed program, drawn here as pixels: a buoy on water. No picture file, no library.
import zlib from "node:zlib";

const BLUE = [29, 95, 158], WHITE = [255, 255, 255];
const LINES = [[[12, 4.2], [12, 6.6]], [[9.6, 6.6], [14.4, 6.6], [16.4, 15.6], [7.6, 15.6], [9.6, 6.6]], wave()];
const PEN = 0.8;

function wave() {
  return Array.from({ length: 17 }, (_, n) => [4 + n, 18.4 + 0.9 * Math.sin((n / 16) * 4 * Math.PI)]);
}

function distance([px, py], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const t = Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(px - ax - t * dx, py - ay - t * dy);
}

const toLine = (point) => Math.min(...LINES.map((line) => Math.min(...line.slice(1).map((end, n) => distance(point, line[n], end)))));
const cover = (out, scale) => Math.max(0, Math.min(1, 0.5 - out / scale)); // how much of a pixel lies inside an edge

function pixel(x, y, scale, { round, room }) {
  const at = [(x + 0.5) * scale, (y + 0.5) * scale];
  const [dx, dy] = at.map((value) => Math.max(round - value, value - 24 + round, 0));
  const seen = round ? cover(Math.hypot(dx, dy) - round, scale) : 1;
  const ink = cover(toLine(at.map((value) => (value - 12) / room + 12)) - PEN, scale / room);
  return [...BLUE.map((value, n) => Math.round(value + (WHITE[n] - value) * ink)), Math.round(255 * seen)];
}

function chunk(kind, body) {
  const named = Buffer.concat([Buffer.from(kind, "ascii"), body]);
  const size = Buffer.alloc(4), sum = Buffer.alloc(4);
  size.writeUInt32BE(body.length);
  sum.writeUInt32BE(crc(named));
  return Buffer.concat([size, named, sum]);
}

const TABLE = Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let k = 0; k < 8; k += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

function crc(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = TABLE[(value ^ byte) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/** A PNG of `size` pixels; `round` corners and `room` (how much of the square the drawing takes) in 24ths. */
export function png(size, { round = 5, room = 1 } = {}) {
  const rows = [];
  for (let y = 0; y < size; y += 1) {
    const row = [0];
    for (let x = 0; x < size; x += 1) row.push(...pixel(x, y, 24 / size, { round, room }));
    rows.push(Buffer.from(row));
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const body = zlib.deflateSync(Buffer.concat(rows), { level: 9 });
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk("IHDR", head), chunk("IDAT", body), chunk("IEND", Buffer.alloc(0))]);
}
