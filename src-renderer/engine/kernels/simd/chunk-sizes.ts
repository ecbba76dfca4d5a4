// How work is cut into chunks, by shape alone: the JavaScript halves count the chunks, the WASM module finds its part by
// the same numbers. Both read this file.

/** Rows of a panel of A, columns of a panel of B: one tile of C in registers. */
export const PANEL_ROWS = 6
export const PANEL_COLUMNS = 8
/** Rows and columns of a product; four panels of A, eight of B. */
export const PRODUCT_ROWS = 24
export const PRODUCT_COLUMNS = 64
/** Values of an element-wise kernel. */
export const VALUES = 8192
export const COPIED_ROWS = 64
export const NORM_ROWS = 32
/** Columns of partial sums. */
export const SUMMED_COLUMNS = 64
export const EMBEDDED_ROWS = 64
/** Columns of a table's gradient: every chunk walks all tokens, in order. */
export const TABLE_COLUMNS = 32
/** Query rows of a tile of attention: eight panels. */
export const ATTENTION_ROWS = 48
/** Rows of logits. */
export const HEAD_ROWS = 8
