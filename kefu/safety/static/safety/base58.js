// Base58, and base58check, to tell a private key from any other letters: the rules of kefu/safety/finders/keys.py. SHA-256 as in
// FIPS 180-4: the browser's own answers only later, and the guard has to answer now.
const BITCOIN = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const XRP = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz";
const WIF_VERSIONS = [0x80, 0xb0, 0x9e];
const KEY_BYTES = 32;
// What stands in front, and how many bytes there are with it.
const BIP38 = [[[0x01, 0x42], 39], [[0x01, 0x43], 39]];
const XRP_SEEDS = [[[0x21], 17], [[0x01, 0xe1, 0x4b], 19]];
const PRIMES = firstPrimes(64);
const ROUND = PRIMES.map((prime) => fraction(prime ** (1 / 3)));
const BEGIN = PRIMES.slice(0, 8).map((prime) => fraction(prime ** (1 / 2)));

/** A private key in wallet import format, one behind a password, or a seed of XRP, with a checksum that agrees. */
export function isCheckedKey(text) {
  if (text[0] === "s") return begins(checked(text, XRP), XRP_SEEDS);
  const body = checked(text, BITCOIN);
  return isWif(body) || begins(body, BIP38);
}

function isWif(body) {
  const isCompressed = body.length === KEY_BYTES + 2 && body.at(-1) === 1;
  return WIF_VERSIONS.includes(body[0]) && (body.length === KEY_BYTES + 1 || isCompressed);
}

function begins(body, sizes) {
  return sizes.some(([start, size]) => body.length === size && start.every((byte, place) => byte === body[place]));
}

/** What stands before the four check bytes; nothing if they are not right. */
function checked(text, alphabet) {
  const raw = decode(text, alphabet);
  const body = raw.slice(0, -4);
  const check = sha256(sha256(body)).slice(0, 4);
  return raw.length > 4 && check.every((byte, place) => byte === raw.at(place - 4)) ? body : [];
}

/** The bytes of what is written with letters of the alphabet alone. */
export function decode(text, alphabet = BITCOIN) {
  let number = 0n;
  for (const letter of text) number = number * 58n + BigInt(alphabet.indexOf(letter));
  const hex = number.toString(16);
  const bytes = number ? (hex.length % 2 ? `0${hex}` : hex).match(/../g).map((byte) => parseInt(byte, 16)) : [];
  const zeros = [...text].findIndex((letter) => letter !== alphabet[0]);
  return [...Array(zeros < 0 ? text.length : zeros).fill(0), ...bytes];
}

export function sha256(bytes) {
  const state = [...BEGIN];
  const padded = pad(bytes);
  for (let start = 0; start < padded.length; start += 64) mix(state, schedule(padded.slice(start, start + 64)));
  return state.flatMap((word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]);
}

function pad(bytes) {
  const zeros = (119 - (bytes.length % 64)) % 64;
  const bits = bytes.length * 8;
  return [...bytes, 0x80, ...Array(zeros).fill(0), 0, 0, 0, 0, bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255];
}

function schedule(block) {
  const words = [];
  for (let place = 0; place < 16; place += 1) {
    const [one, two, three, four] = block.slice(place * 4, place * 4 + 4);
    words.push((one << 24) | (two << 16) | (three << 8) | four);
  }
  for (let place = 16; place < 64; place += 1) {
    const [early, late] = [words[place - 15], words[place - 2]];
    const small = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
    const large = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
    words.push((words[place - 16] + small + words[place - 7] + large) | 0);
  }
  return words;
}

function mix(state, words) {
  let [a, b, c, d, e, f, g, h] = state;
  words.forEach((word, place) => {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[place] + word) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g];
  });
  [a, b, c, d, e, f, g, h].forEach((word, place) => (state[place] = (state[place] + word) | 0));
}

function turn(word, by) {
  return (word >>> by) | (word << (32 - by));
}

function fraction(root) {
  return ((root - Math.floor(root)) * 2 ** 32) | 0;
}

function firstPrimes(count) {
  const primes = [];
  for (let number = 2; primes.length < count; number += 1) {
    if (primes.every((prime) => number % prime)) primes.push(number);
  }
  return primes;
}
