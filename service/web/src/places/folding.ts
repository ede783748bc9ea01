/** Names without case, accents and the marks of transliteration. */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f\u064b-\u065f'’‘ʿʾ`]/g, "")
    .toLowerCase();
}
