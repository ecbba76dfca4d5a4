// What the doctor looks for, the gravest first: one row a rule. Bounds lie beyond the noise of a healthy run, so that one
// of hundreds of updates is not accused by chance.
import { answerRules } from './answer-rules.ts'
import type { DoctorRule } from './doctor-rule.ts'
import { klRules } from './kl-rules.ts'
import { learningRules } from './learning-rules.ts'

export const doctorRules: readonly DoctorRule[] = [...klRules, ...answerRules, ...learningRules]
