// Runs once: it is about what a browser shows.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { testNode } from '../harness.ts'
import { contrasts, findings, openBrowser, openPage, overhang, signIn, withoutBrowser } from '../support/browser.ts'

type Screen = [path: string, heading: string, headingZh: string]

const ofUsers: Screen[] = [
  ['/console', 'Overview', '概览'],
  ['/console/users', 'Users', '用户'],
  ['/console/users/1001', 'ann', 'ann'],
  ['/console/users/1001?tab=settings', 'ann', 'ann'],
  ['/console/users/1001?tab=devices', 'ann', 'ann'],
  ['/console/users/1001?tab=labels', 'ann', 'ann'],
  ['/console/users/1001?tab=push', 'ann', 'ann'],
  ['/console/users/1001?tab=audit', 'ann', 'ann'],
  ['/console/users/1001?tab=data', 'ann', 'ann'],
]
const ofTheApp: Screen[] = [
  ['/console/jobs', 'Jobs', '批量任务'],
  ['/console/push/new', 'Send a push', '发送推送'],
  ['/console/push/tasks', 'Push tasks', '推送任务'],
  ['/console/push/notifiers', 'Notifiers', '推送证书'],
  ['/console/audit', 'Audit trail', '审计日志'],
  ['/console/apps', 'Apps and policies', '应用与策略'],
  ['/console/tokens', 'Tokens', 'Token'],
]

async function signedIn(t: TestContext, locale: 'en' | 'zh-CN' = 'en') {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  await node.admin.actingFor(ann.id).push.addTags({ tags: ['vip'] })
  const browser = await openBrowser(t)
  const opened = await openPage(browser, node.url, { locale })
  return { node, ...opened }
}

/** Each screen by itself: axe in light, contrasts in dark, and how it fits into 320 px. */
async function lookAt(t: TestContext, screens: Screen[]) {
  const { node, page, wrongs } = await signedIn(t)
  await signIn(page, node.appId, node.adminToken)

  for (const [path, name] of screens) {
    await page.goto(path)
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
    await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
    assert.deepEqual(await findings(page), [], path)
    await page.emulateMedia({ colorScheme: 'dark' })
    assert.deepEqual(await contrasts(page), [], `${path} in dark`)
    await page.setViewportSize({ width: 320, height: 640 })
    assert.equal(await overhang(page), 0, `${path} is wider than 320 px`)
    await page.emulateMedia({ colorScheme: 'light' })
    await page.setViewportSize({ width: 1280, height: 800 })
  }
  assert.deepEqual(wrongs, [])
}

const what = 'without fault for axe, policy and console, in light and dark and at 320 px'

test(`screens of users are ${what}`, { skip: withoutBrowser }, t => lookAt(t, ofUsers))

test(`screens of the app are ${what}`, { skip: withoutBrowser }, t => lookAt(t, ofTheApp))

test('a browser that prefers Chinese gets every screen in Chinese', { skip: withoutBrowser }, async t => {
  const { node, page, wrongs } = await signedIn(t, 'zh-CN')
  await page.goto('/console')
  await page.getByLabel('应用 ID').fill(node.appId)
  await page.getByRole('textbox', { name: 'Token' }).fill(node.adminToken)
  await page.getByRole('button', { name: '登录' }).click()

  for (const [path, , name] of [...ofUsers.slice(1, 2), ...ofTheApp]) {
    await page.getByRole('navigation').locator(`a[href="${path}"]`).click()
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
  }
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh')
  assert.deepEqual(wrongs, [])
})
