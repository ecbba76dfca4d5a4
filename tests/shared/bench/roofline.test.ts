import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { labelWidth, placeLabels } from '../../../src-shared/bench/label-places.ts'
import { logScale, rooflineOf, rooflinePoints } from '../../../src-shared/bench/roofline.ts'
import { rooflineSvg } from '../../../src-shared/bench/roofline-svg.ts'
import { rooflineSentence } from '../../../src-shared/bench/roofline-text.ts'
import { reportOf, resultOf } from './bench-report.ts'

const size = { width: 600, height: 400 }
/** FLOPs per byte of a training step of the small model (work.test.ts). */
const TRAINING = (1024 * 5_308_416) / 111_294_464

describe('a logarithmic scale', () => {
  test('goes from the round value below to the one above, evenly in decades', () => {
    const { low, high, at, ticks } = logScale([3, 400], [0, 300])
    expect([low, high]).toEqual([2, 500])
    expect(at(2)).toBe(0)
    expect(at(500)).toBe(300)
    expect(at(Math.sqrt(2 * 500))).toBeCloseTo(150)
    expect(ticks.map(({ value }) => value)).toEqual([2, 5, 10, 20, 50, 100, 200, 500])
  })

  test('shows powers of ten alone when there would be too many', () => {
    expect(logScale([0.03, 4000], [0, 1]).ticks.map(({ value }) => value)).toEqual([0.1, 1, 10, 100, 1000])
  })

  test('a single value has room on both sides', () => {
    const { low, high } = logScale([10], [0, 1])
    expect([low, high]).toEqual([5, 20])
    expect(logScale([10], [0, 1], 3).high).toBe(50)
  })
})

test('a point stands at its FLOPs per byte and its FLOPs per second', () => {
  const [point] = rooflinePoints([resultOf({ flopsPerSecond: 20e9 })])
  expect(point).toMatchObject({ label: 'composed', size: 'small', mode: 'train', flopsPerSecond: 20e9 })
  expect(point!.intensity).toBeCloseTo(TRAINING, 10)
  // x: 2 … 100 (ridge 5, point 48.8), y: 10 … 200 GFLOP/s (point 20, roof 100), both in logarithms.
  const picture = rooflineOf(reportOf(), size)!
  const { left, right, top, bottom } = picture.frame
  const across = (value: number) => left + ((right - left) * Math.log(value / 2)) / Math.log(50)
  const up = (value: number) => bottom - ((bottom - top) * Math.log(value / 10)) / Math.log(20)
  expect(picture.points[0]!.at.x).toBeCloseTo(across(TRAINING))
  expect(picture.points[0]!.at.y).toBeCloseTo(up(20))
  // 20 GB/s: 10 GFLOP/s need 0.5 FLOP per byte, left of the picture, so the roof begins at 2 with 40.
  const [all, one] = picture.roofs
  expect(all!.label).toBe('2 threads: 100 GFLOP/s, 20.0 GB/s')
  const expected = [
    { x: left, y: up(40) },
    { x: across(5), y: up(100) },
    { x: right, y: up(100) },
  ]
  for (const [i, place] of expected.entries()) {
    expect(all!.line[i]!.x).toBeCloseTo(place.x)
    expect(all!.line[i]!.y).toBeCloseTo(place.y)
  }
  expect(one!.line[1]!.y).toBeCloseTo(up(50))
})

test('without a ceiling there is no roof, without a known size no picture', () => {
  expect(rooflineOf(reportOf({ ceiling: null }), size)!.roofs).toEqual([])
  expect(rooflineOf(reportOf({ results: [resultOf({ size: 'unheard of' })] }), size)).toBeNull()
  expect(rooflineOf(reportOf({ results: [] }), size)).toBeNull()
})

test('one thread has one roof', () => {
  const { ceiling } = reportOf()
  const single = reportOf({ ceiling: { ...ceiling!, threads: 1 } })
  expect(rooflineOf(single, size)!.roofs.map(({ label }) => label)).toEqual([
    '1 thread: 50.0 GFLOP/s, 10.0 GB/s',
  ])
})

test('everything drawn is finite and inside, whatever was measured', () => {
  const speed = fc.double({ min: 1e3, max: 1e16, noNaN: true })
  fc.assert(
    fc.property(fc.array(speed, { minLength: 1, maxLength: 12 }), speed, (speeds, most) => {
      const results = speeds.map((flopsPerSecond, i) =>
        resultOf({ flopsPerSecond, mode: i % 2 ? 'train' : 'generate', size: i % 3 ? 'small' : 'medium' }),
      )
      const ceiling = {
        threads: 2,
        flopsPerSecond: most,
        flopsPerSecondOneThread: most / 2,
        copyBytesPerSecond: most / 9,
        copyBytesPerSecondOneThread: most / 18,
      }
      const { frame, points, roofs } = rooflineOf({ results, ceiling }, size)!
      for (const { x, y } of [...points.map(({ at }) => at), ...roofs.flatMap(({ line }) => line)]) {
        expect(x).toBeGreaterThanOrEqual(frame.left - 1)
        expect(x).toBeLessThanOrEqual(frame.right + 1)
        expect(y).toBeGreaterThanOrEqual(frame.top - 1)
        expect(y).toBeLessThanOrEqual(frame.bottom + 1)
      }
    }),
  )
})

test('names of tasks stay inside and do not touch each other', () => {
  const results = (['small', 'medium', 'large'] as const).map(size => resultOf({ size }))
  const { tasks, frame } = rooflineOf(reportOf({ results }), { width: 400, height: 300 })!
  for (const { label, labelAt } of tasks) {
    const half = labelWidth(label) / 2
    expect(labelAt.x - half).toBeGreaterThanOrEqual(frame.left)
    expect(labelAt.x + half).toBeLessThanOrEqual(frame.right)
    const touched = tasks.filter(
      other => other.labelAt.y === labelAt.y && Math.abs(other.labelAt.x - labelAt.x) < 2 * half,
    )
    expect(touched.map(task => task.label)).toEqual([label])
  }
})

test('labels of points near each other do not cover each other', () => {
  const frame = { left: 0, right: 400, top: 0, bottom: 400 }
  const points = Array.from({ length: 6 }, (_, i) => ({ at: { x: 200, y: 200 + 4 * i }, label: 'composed' }))
  const placed = placeLabels(points, frame)
  for (const a of placed)
    for (const b of placed)
      if (a !== b && a.anchor === b.anchor)
        expect(Math.abs(a.labelAt.y - b.labelAt.y)).toBeGreaterThanOrEqual(12)
  const taken = { left: 200, right: 260, top: 190, bottom: 210 }
  expect(placeLabels(points.slice(0, 1), frame, [taken])[0]!.anchor).toBe('end')
  // At the right edge there is room on the left only.
  expect(placeLabels([{ at: { x: 390, y: 200 }, label: 'composed' }], frame)[0]!.anchor).toBe('end')
})

test('the file stands alone, with a title, and takes no markup from what it draws', () => {
  const svg = rooflineSvg(reportOf())!
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
  expect(svg).toContain(
    '<title>Roofline: speed against FLOPs per byte. The ceiling is 100 GFLOP/s and 20.0 GB/s with 2 threads. small, training, composed: 20.0 GFLOP/s.</title>',
  )
  expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  const hostile = rooflineSentence(reportOf({ results: [resultOf({ size: '<script>' as 'small' })] }))
  expect(hostile).toContain('<script>')
  expect(rooflineSvg(reportOf({ results: [resultOf(), resultOf({ size: '<script>' })] }))).not.toContain(
    '<script>',
  )
})
