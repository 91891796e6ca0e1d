// Runs once: it is about what a browser shows.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { codeOf, testNode } from '../harness.ts'
import { findings, openBrowser, openPage, signIn, withoutBrowser } from '../support/browser.ts'

async function atTheConsole(t: TestContext) {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const browser = await openBrowser(t)
  const opened = await openPage(browser, node.url)
  await signIn(opened.page, node.appId, node.adminToken)
  return { node, ann, browser, ...opened }
}

test('a user is banned in four clicks from the overview, and its token is over', { skip: withoutBrowser }, async t => {
  const { page, ann, wrongs } = await atTheConsole(t)

  await page.getByRole('navigation').getByRole('link', { name: 'Users' }).click()
  await page.getByRole('link', { name: 'ann' }).click()
  await page.getByRole('button', { name: 'Ban', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  const inDialog = await findings(page)
  await dialog.getByRole('button', { name: 'Ban' }).click()
  await page.getByText('The user is banned').waitFor()

  assert.deepEqual(inDialog, [])
  await page.getByRole('button', { name: 'Unban' }).waitFor()
  assert.notEqual(await codeOf(ann.profiles.getProfile()), 200)
  assert.deepEqual(wrongs, [])
})

test('why a push would not arrive is three clicks from the overview', { skip: withoutBrowser }, async t => {
  const { page, node, ann, wrongs } = await atTheConsole(t)
  await node.admin.actingFor(ann.id).settings.setNoPush({ value: true })

  await page.getByRole('navigation').getByRole('link', { name: 'Users' }).click()
  await page.getByRole('link', { name: 'ann' }).click()
  await page.getByRole('tab', { name: 'Push' }).click()

  await page.getByText('What would become of a push now').waitFor()
  await page.getByText('Would not be sent').waitFor()
  assert.deepEqual(wrongs, [])
})

test('all data of a user are a file in four clicks from the overview', { skip: withoutBrowser }, async t => {
  const { page, ann, wrongs } = await atTheConsole(t)

  await page.getByRole('navigation').getByRole('link', { name: 'Users' }).click()
  await page.getByRole('link', { name: 'ann' }).click()
  await page.getByRole('tab', { name: 'Data' }).click()
  const downloaded = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download the data' }).click()

  const file = JSON.parse(readFileSync(await (await downloaded).path(), 'utf8'))
  assert.equal(file.user.user_id, ann.id)
  assert.deepEqual(wrongs, [])
})

test('by keyboard alone: the palette finds a user, j and x select, ? helps, and the focus returns', {
  skip: withoutBrowser,
}, async t => {
  const { page, wrongs } = await atTheConsole(t)

  await page.keyboard.press('g')
  await page.keyboard.press('u')
  await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor()
  await page.getByRole('link', { name: 'ann' }).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.getByText('1 user selected').waitFor()
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  assert.deepEqual(await findings(page), [])
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.locator('a:focus', { hasText: 'ann' }).waitFor({ timeout: 2000 })
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Go to …' }).fill('ann')
  assert.deepEqual(await findings(page), [])
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/console\/users\?q=ann/)
  assert.deepEqual(wrongs, [])
})

test('a network that fails says so, and another try succeeds', { skip: withoutBrowser }, async t => {
  const { page } = await atTheConsole(t)
  await page.route('**/admin/users?**', route => route.abort())

  await page.getByRole('navigation').getByRole('link', { name: 'Users' }).click()
  await page.getByRole('alert').getByText('The service did not answer').waitFor()
  await page.unroute('**/admin/users?**')
  await page.getByRole('button', { name: 'Try again' }).click()

  await page.getByRole('link', { name: 'ann' }).waitFor()
})

test('nothing that matches and nothing at all are told apart', { skip: withoutBrowser }, async t => {
  const { page } = await atTheConsole(t)

  await page.goto('/console/users?q=nobody')
  await page.getByText('Nothing matches').waitFor()
  await page.getByRole('button', { name: 'Clear filters' }).first().click()
  await page.getByRole('link', { name: 'ann' }).waitFor()
  await page.goto('/console/push/tasks')

  await page.getByText('Nothing was pushed yet').waitFor()
})

test('a session that is over leads to the sign-in, and back to where it was', { skip: withoutBrowser }, async t => {
  const { page, node, context } = await atTheConsole(t)
  await page.goto('/console/audit')
  await page.getByRole('heading', { level: 1, name: 'Audit trail' }).waitFor()
  await context.clearCookies()

  await page.getByRole('button', { name: 'Check the chain' }).click()
  await page.getByText('Your session is over').waitFor()
  await page.getByRole('textbox', { name: 'Token' }).fill(node.adminToken)
  await page.getByRole('button', { name: 'Sign in' }).click()

  await page.getByRole('heading', { level: 1, name: 'Audit trail' }).waitFor()
})
