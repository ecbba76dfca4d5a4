// --preset, --config, --set and --seed become one request, and every wrong key is named.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  mergeFields,
  parseConfigFile,
  parseSet,
  parseSources,
  presetNamed,
  splitFields,
  stepsToResume,
} from '../../../src-main/terminal/config-options.ts'
import { modelFields } from '../../../src-shared/config/model-config.ts'
import { pretrainPresets } from '../../../src-shared/config/presets.ts'
import { pretrainFields } from '../../../src-shared/config/pretrain-config.ts'
import { sftFields } from '../../../src-shared/config/sft-config.ts'

describe('--set', () => {
  it('reads values as JSON, and as text where they are none', () => {
    expect(
      parseSet([
        'steps=500',
        'learningRate=3e-4',
        'family=llama',
        'tieEmbeddings=false',
        'samplePrompts=["a","b=c"]',
        'name=x=y',
        'empty=',
      ]),
    ).toEqual({
      steps: 500,
      learningRate: 3e-4,
      family: 'llama',
      tieEmbeddings: false,
      samplePrompts: ['a', 'b=c'],
      name: 'x=y',
      empty: '',
    })
  })

  it('gives back any JSON value under any key without =', () => {
    fc.assert(
      fc.property(
        fc
          .string({ minLength: 1 })
          .filter(key => !key.includes('=') && key.trim() === key && key !== '__proto__'),
        fc.jsonValue(),
        (key, value) => {
          expect(parseSet([`${key}=${JSON.stringify(value)}`])[key]).toEqual(
            JSON.parse(JSON.stringify(value)),
          )
        },
      ),
    )
  })

  it.each(['steps', '=5', ''])('refuses "%s"', pair => {
    expect(() => parseSet([pair])).toThrow(/sets nothing \(--set\): expected key=value/)
  })
})

describe('fields', () => {
  it('find their table, however they are written', () => {
    const expected = { model: { nLayer: 2 }, config: { steps: 9 } }
    expect(splitFields({ nLayer: 2, steps: 9 }, 'x')).toEqual(expected)
    expect(splitFields({ 'model.nLayer': 2, 'config.steps': 9 }, 'x')).toEqual(expected)
    expect(splitFields({ model: { nLayer: 2 }, config: { steps: 9 } }, 'x')).toEqual(expected)
  })

  it('have names that no two tables share', () => {
    expect(Object.keys(modelFields).filter(key => Object.hasOwn(pretrainFields, key))).toEqual([])
  })

  it.each([
    [{ stepz: 1 }, 'stepz', 'steps'],
    [{ 'model.nlayer': 1 }, 'model.nlayer', 'nLayer'],
    [{ 'config.nLayer': 1 }, 'config.nLayer', 'nLayer'],
    [{ model: { steps: 1 } }, 'model.steps', 'steps'],
    [{ 'optimizer.beta1': 1 }, 'optimizer.beta1', 'beta1'],
    [{ learning_rate: 1 }, 'learning_rate', 'learningRate'],
    [{ model: 3 }, 'model', null],
    [{ constructor: 3 }, 'constructor', null],
  ])('that are unknown are named: %j', (given, key, near) => {
    const expected = `unknown key "${key}" (run.json)`
    expect(() => splitFields(given, 'run.json')).toThrow(expected)
    if (near) expect(() => splitFields(given, 'run.json')).toThrow(`Did you mean "${near}"?`)
  })

  it('come from the preset, then the file, then --set, then --seed', () => {
    const merged = mergeFields({
      preset: presetNamed('shakespeare-char-cpu', pretrainPresets),
      file: { name: 'run.json', text: '\uFEFF{"steps": 300, "model": {"nEmbd": 64}, "seed": 4}' },
      set: ['steps=20', 'seed=5'],
      seed: 6,
    })
    expect(merged.model).toMatchObject({ nEmbd: 64, nLayer: 4, contextLength: 64 })
    expect(merged.config).toMatchObject({ steps: 20, seed: 6, batchSize: 12 })
  })

  it('of a phase that makes no model are of its training alone', () => {
    const tables = { config: sftFields }
    expect(mergeFields({ set: ['epochs=3', 'config.batchSize=2'], seed: 6 }, tables)).toEqual({
      config: { epochs: 3, batchSize: 2, seed: 6 },
    })
    expect(() => mergeFields({ set: ['nLayer=3'] }, tables)).toThrow(/unknown key "nLayer"/)
  })

  it('leave the preset as it was', () => {
    const before = structuredClone(presetNamed('starter-world', pretrainPresets))
    mergeFields({ preset: presetNamed('starter-world', pretrainPresets), set: ['steps=1', 'nLayer=1'] })
    expect(presetNamed('starter-world', pretrainPresets)).toEqual(before)
  })

  it.each(['', '{', '[1]', '3', 'null'])('are not read from a file that holds %j', text => {
    expect(() => parseConfigFile(text, 'run.json')).toThrow(/run\.json/)
  })
})

describe('names and numbers', () => {
  it('an unknown preset is answered with the nearest', () => {
    expect(() => presetNamed('shakespear-char-cpu', pretrainPresets)).toThrow(
      /Did you mean "shakespeare-char-cpu"/,
    )
    expect(() => presetNamed('toString', pretrainPresets)).toThrow(/there is no preset/)
  })

  it('sources have a corpus and a weight', () => {
    expect(parseSources(['corpus-1=0.8', 'My texts=2'])).toEqual([
      { corpus: 'corpus-1', weight: 0.8 },
      { corpus: 'My texts', weight: 2 },
    ])
    for (const wrong of ['corpus-1', 'corpus-1=', '=1', 'corpus-1=-1', 'corpus-1=much', 'corpus-1=Infinity'])
      expect(() => parseSources([wrong]), wrong).toThrow(/no weighted source/)
  })

  it('a resumed run takes a new end and nothing else', () => {
    expect(stepsToResume([])).toBeUndefined()
    expect(stepsToResume(['steps=400'])).toBe(400)
    expect(() => stepsToResume(['learningRate=1'])).toThrow(/learningRate cannot change/)
    for (const wrong of ['steps=0', 'steps=1.5', 'steps=many'])
      expect(() => stepsToResume([wrong])).toThrow(/whole number/)
  })
})
