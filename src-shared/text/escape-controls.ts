// Text that others wrote, where something might obey it instead of showing it: a terminal, or a file that is shown in one.

/**
 * Escapes what a terminal would obey instead of showing: C0 and C1 controls but newline and tab, DEL, and the marks
 * that reverse the direction of text. Model output and imported names may hold any of them.
 */
export function escapeControls(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what it looks for
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    control => {
      const code = control.codePointAt(0)!
      return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
    },
  )
}
