// Base58check, to tell a private key in wallet import format from any other fifty letters. SHA-256 as in FIPS 180-4: the
// browser's own answers only later, and the guard has to answer now.
const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const PRIMES = firstPrimes(64);
const ROUND = PRIMES.map((prime) => fraction(prime ** (1 / 3)));
const BEGIN = PRIMES.slice(0, 8).map((prime) => fraction(prime ** (1 / 2)));

/** Version 0x80 around a key, with a checksum that agrees. */
export function isWif(text) {
  const raw = decode(text);
  const body = raw.slice(0, -4);
  const check = sha256(sha256(body)).slice(0, 4);
  return body[0] === 0x80 && check.every((byte, place) => byte === raw.at(place - 4));
}

function decode(text) {
  let number = 0n;
  for (const letter of text) number = number * 58n + BigInt(ALPHABET.indexOf(letter));
  const hex = number.toString(16);
  return (hex.length % 2 ? `0${hex}` : hex).match(/../g).map((byte) => parseInt(byte, 16));
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
