// A build's report as one HTML file that stands alone: no script, no asset of anybody else, every text escaped.
import type { BuildReport } from './build-report.ts'
import { minutes } from './figures.ts'
import { Markup, markup } from './markup.ts'
import {
  answersSection,
  costSection,
  figureOneSection,
  goalsSection,
  ladderSection,
  phasesSection,
  truthSection,
} from './report-sections.ts'
import { REPORT_STYLE } from './report-style.ts'

/** Nothing may be loaded and nothing may run, whatever a text holds. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

/** @param theme `auto` = as the reader's system is */
export function reportHtml(report: BuildReport, theme: 'auto' | 'light' | 'dark' = 'auto'): string {
  const { seed, size, createdAt, device, costs, evaluationMinutes, build } = report
  const total = costs.reduce((sum, each) => sum + each.minutes, evaluationMinutes)
  const title = `From text to an assistant: starter world ${seed}`
  const { text } = markup`<!doctype html>
<html lang="en" data-theme="${theme}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Markup(REPORT_STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="dim">Four phases and their evaluation in ${minutes(total)} on ${device}, begun ${createdAt.slice(0, 16).replace('T', ' ')} UTC${size === 'smallest' ? '. The smallest size: every step is there, but next to nothing can be learnt in it' : ''}.</p>
${[
  goalsSection(report),
  phasesSection(report),
  answersSection(report),
  figureOneSection(report),
  truthSection(report),
  ladderSection(report),
  costSection(report),
]}
<footer>Made offline by Andromeda, ${build}, seed ${seed}. The facts, people and places are invented. The same seed on the same device gives the same models, bit for bit.</footer>
</main>
</body>
</html>
`
  return text
}
