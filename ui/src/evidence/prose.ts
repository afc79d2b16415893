/** A rule's own sentences, whose line breaks are those of its file and mean nothing. */
export function prose(text: string): string {
  return text.split(/\s+/).join(' ').trim();
}
