// The smallest Parquet files that are whole: required string columns, one plain page per column and row group.

const STRUCT = 12
const LIST = 9
const BINARY = 8
const I32 = 5
const I64 = 6

type Value =
  | { type: typeof I32; value: number }
  | { type: typeof I64; value: number }
  | { type: typeof BINARY; value: string }
  | { type: typeof LIST; items: Value[] }
  | { type: typeof STRUCT; fields: Record<number, Value> }

const i32 = (value: number): Value => ({ type: I32, value })
const i64 = (value: number): Value => ({ type: I64, value })
const text = (value: string): Value => ({ type: BINARY, value })
const list = (items: Value[]): Value => ({ type: LIST, items })
const struct = (fields: Record<number, Value>): Value => ({ type: STRUCT, fields })

function varint(value: number): number[] {
  const bytes: number[] = []
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) | 128)
  return [...bytes, value]
}

/** Thrift's compact protocol. */
function encode(value: Value): Buffer {
  if (value.type === I32 || value.type === I64) return Buffer.from(varint(value.value * 2)) // zigzag of what is ≥ 0
  if (value.type === BINARY) {
    const bytes = Buffer.from(value.value)
    return Buffer.concat([Buffer.from(varint(bytes.length)), bytes])
  }
  if (value.type === LIST) {
    const { items } = value
    const type = items[0]?.type ?? STRUCT
    const head = items.length < 15 ? [(items.length << 4) | type] : [0xf0 | type, ...varint(items.length)]
    return Buffer.concat([Buffer.from(head), ...items.map(encode)])
  }
  const parts: Buffer[] = []
  let last = 0
  for (const [id, field] of Object.entries(value.fields)) {
    parts.push(Buffer.of(((Number(id) - last) << 4) | field.type), encode(field))
    last = Number(id)
  }
  return Buffer.concat([...parts, Buffer.of(0)])
}

export interface ParquetOptions {
  /** Rows of each row group: column → cells. */
  groups: Record<string, (string | Uint8Array)[]>[]
  codec?: { id: number; compress: (bytes: Buffer) => Buffer }
}

export function parquetFile({ groups, codec = { id: 0, compress: bytes => bytes } }: ParquetOptions): Buffer {
  const names = Object.keys(groups[0] ?? {})
  const chunks: Buffer[] = [Buffer.from('PAR1')]
  let offset = 4
  let rows = 0
  const rowGroups = groups.map(group => {
    const count = group[names[0]!]!.length
    rows += count
    let size = 0
    const columns = names.map(name => {
      const plain = Buffer.concat(
        group[name]!.flatMap(cell => {
          const bytes = Buffer.from(cell as string)
          const length = Buffer.alloc(4)
          length.writeUInt32LE(bytes.length)
          return [length, bytes]
        }),
      )
      const page = codec.compress(plain)
      const header = encode(
        struct({
          1: i32(0),
          2: i32(plain.length),
          3: i32(page.length),
          5: struct({ 1: i32(count), 2: i32(0), 3: i32(3), 4: i32(3) }),
        }),
      )
      const start = offset
      chunks.push(header, page)
      offset += header.length + page.length
      size += header.length + page.length
      return struct({
        2: i64(start),
        3: struct({
          1: i32(6),
          2: list([i32(0)]),
          3: list([text(name)]),
          4: i32(codec.id),
          5: i64(count),
          6: i64(header.length + plain.length),
          7: i64(header.length + page.length),
          9: i64(start),
        }),
      })
    })
    return struct({ 1: list(columns), 2: i64(size), 3: i64(count) })
  })
  const footer = encode(
    struct({
      1: i32(1),
      2: list([
        struct({ 4: text('root'), 5: i32(names.length) }),
        ...names.map(name => struct({ 1: i32(6), 3: i32(0), 4: text(name), 6: i32(0) })),
      ]),
      3: i64(rows),
      4: list(rowGroups),
    }),
  )
  const length = Buffer.alloc(4)
  length.writeUInt32LE(footer.length)
  return Buffer.concat([...chunks, footer, length, Buffer.from('PAR1')])
}
