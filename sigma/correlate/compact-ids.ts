/** Bytes for one id: a head and what follows. */
const idBytes = 18;

/** Ids of up to so many characters of base32hex are packed, eight of them in five bytes. */
const packedMax = 24;
/** The product's own ids have two characters more. */
const packedWhole = 26;
const latinMax = idBytes - 1;
const latinHead = 32;
const asideHead = 255;

const digits = '0123456789abcdefghijklmnopqrstuv';
const notDigit = 0x100;
const digitOf = Uint16Array.from({ length: 256 }, (_, code) => {
  const digit = digits.indexOf(String.fromCharCode(code));
  return digit < 0 ? notDigit : digit;
});

function digitAt(id: string, at: number): number {
  const code = id.charCodeAt(at);
  return code < 256 ? (digitOf[code] as number) : notDigit;
}

/** Writes an id into its bytes; false where it does not fit, which the bytes then say. */
export function packId(bytes: Uint8Array, start: number, id: string): boolean {
  if (packDigits(bytes, start, id)) return true;
  const fits = id.length <= latinMax && /^[\0-\xff]*$/.test(id);
  bytes[start] = fits ? latinHead + id.length : asideHead;
  for (let at = 0; fits && at < id.length; at += 1) bytes[start + 1 + at] = id.charCodeAt(at);
  return fits;
}

function packDigits(bytes: Uint8Array, start: number, id: string): boolean {
  const { length } = id;
  const whole = length === packedWhole ? packedMax : length;
  if (whole > packedMax || (whole & 7) !== 0) return false;
  let to = start + 1;
  for (let at = 0; at < whole; at += 4) {
    const a = digitAt(id, at);
    const b = digitAt(id, at + 1);
    const c = digitAt(id, at + 2);
    const d = digitAt(id, at + 3);
    if ((a | b | c | d) >= notDigit) return false;
    const four = (a << 15) | (b << 10) | (c << 5) | d;
    // Four digits are two bytes and a half.
    if ((at & 4) === 0) {
      bytes[to] = four >> 12;
      bytes[to + 1] = four >> 4;
      bytes[to + 2] = four << 4;
      to += 2;
    } else {
      bytes[to] = (bytes[to] as number) | (four >> 16);
      bytes[to + 1] = four >> 8;
      bytes[to + 2] = four;
      to += 3;
    }
  }
  if (length === packedWhole) {
    const a = digitAt(id, packedMax);
    const b = digitAt(id, packedMax + 1);
    if ((a | b) >= notDigit) return false;
    bytes[to] = a;
    bytes[to + 1] = b;
  }
  bytes[start] = length;
  return true;
}

/** The id in some bytes; undefined where it did not fit. */
export function unpackId(bytes: Uint8Array, start: number): string | undefined {
  const head = bytes[start] as number;
  if (head === asideHead) return undefined;
  let id = '';
  if (head >= latinHead) {
    for (let at = 1; at <= head - latinHead; at += 1) id += String.fromCharCode(bytes[start + at] as number);
    return id;
  }
  const whole = head === packedWhole ? packedMax : head;
  let from = start + 1;
  for (let at = 0; at < whole; at += 8, from += 5) {
    const middle = bytes[from + 2] as number;
    const high = ((bytes[from] as number) << 12) | ((bytes[from + 1] as number) << 4) | (middle >> 4);
    const low = ((middle & 15) << 16) | ((bytes[from + 3] as number) << 8) | (bytes[from + 4] as number);
    for (const four of [high, low])
      for (let shift = 15; shift >= 0; shift -= 5) id += digits.charAt((four >> shift) & 31);
  }
  if (head === packedWhole)
    id += digits.charAt(bytes[from] as number) + digits.charAt(bytes[from + 1] as number);
  return id;
}
