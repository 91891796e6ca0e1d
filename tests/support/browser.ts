import { existsSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterwards } from './afterwards.ts'

const executablePath = '/usr/bin/chromium'
const args = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
]
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** Why tests in a browser cannot run here; false where they can. */
export const withoutBrowser: string | false = existsSync(executablePath)
  ? false
  : `there is no ${executablePath}: apt-get install chromium fonts-noto-cjk`

export async function openBrowser(t: TestContext): Promise<Browser> {
  const browser = await chromium.launch({ executablePath, args })
  afterwards(t, () => browser.close())
  return browser
}

export interface Looks {
  colorScheme?: 'light' | 'dark'
  locale?: 'en' | 'zh-CN'
  width?: number
  height?: number
}

/** A page of the console, and everything that went wrong on it: it has to stay empty. */
export async function openPage(browser: Browser, url: string, looks: Looks = {}) {
  const { colorScheme = 'light', locale = 'en', width = 1280, height = 800 } = looks
  const context = await browser.newContext({
    baseURL: url,
    colorScheme,
    locale,
    reducedMotion: 'reduce',
    viewport: { width, height },
  })
  const page = await context.newPage()
  const wrongs = await watch(page)
  return { context, page, wrongs }
}

async function watch(page: Page): Promise<string[]> {
  const wrongs: string[] = []
  page.on('pageerror', error => wrongs.push(`error: ${error.message}`))
  page.on('console', message => {
    if (message.type() === 'error') wrongs.push(`console: ${message.text()}`)
  })
  await page.exposeFunction('tellViolation', (what: string) => wrongs.push(`policy: ${what}`))
  await page.addInitScript(`addEventListener('securitypolicyviolation', event =>
    tellViolation(event.violatedDirective + ' ' + event.blockedURI))`)
  return wrongs
}

/** Types the credentials and waits for the overview. */
export async function signIn(page: Page, appId: string, token: string) {
  await page.goto('/console')
  await page.getByLabel('App id').fill(appId)
  await page.getByRole('textbox', { name: 'Token' }).fill(token)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
}

/** What axe finds, as lines that say where; none is what we want. */
export async function findings(page: Page): Promise<string[]> {
  return linesOf(await new AxeBuilder({ page }).withTags(tags).analyze())
}

/** Likewise, of contrasts alone. */
export const contrasts = async (page: Page): Promise<string[]> =>
  linesOf(await new AxeBuilder({ page }).withRules(['color-contrast']).analyze())

const linesOf = ({ violations }: Awaited<ReturnType<AxeBuilder['analyze']>>) =>
  violations.flatMap(({ id, nodes }) => nodes.map(({ target, html }) => `${id} ${target} ${html.slice(0, 120)}`))

/** How far the page is wider than its window (px). */
export const overhang = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
