// Text as the guard reads it: full width and script variants folded, invisible characters gone, every place remembered.
const INVISIBLE = /[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/;
const SIMPLER = new Map(zip("驗證碼動態鑰詞記資錢戶號訂單額錯誤狀報簡訊發為", "验证码动态钥词记资钱户号订单额错误状报简讯发为"));

function zip(one, other) {
  return [...one].map((character, place) => [character, other[place]]);
}

/** `{plain, low, places}`: one place for each character, and one more for the end. Counts as JavaScript does, in UTF-16 units. */
export function fold(text) {
  let plain = "";
  const places = [];
  for (let place = 0; place < text.length; place += 1) {
    if (INVISIBLE.test(text[place])) continue;
    plain += folded(text[place]);
    places.push(place);
  }
  places.push(text.length);
  const low = Array.from({ length: plain.length }, (_, place) => lower(plain[place])).join("");
  return { plain, low, places };
}

function folded(character) {
  const code = character.charCodeAt(0);
  if (code >= 0xff01 && code <= 0xff5e) {
    const narrow = String.fromCharCode(code - 0xfee0);
    return /[A-Za-z0-9:=]/.test(narrow) ? narrow : character;
  }
  if (code === 0x3000 || code === 0xa0) return " ";
  return SIMPLER.get(character) ?? character;
}

function lower(character) {
  const low = character.toLowerCase();
  return low.length === 1 ? low : character;
}
