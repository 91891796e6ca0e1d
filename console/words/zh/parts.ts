import type { charts as enCharts, parts as enParts } from '../en/parts.ts'
import type { Translated } from '../translated.ts'

export const parts: Translated<typeof enParts> = {
  retryAfter_other: '请在 {{count}} 秒后重试。',
  noAnswer: '服务没有响应。请检查网络后重试。',
  strange: '发生意外错误：{{message}}',
  failed: '操作未成功',
  requestId: '请求编号',
  retry: '重试',
  noMatch: '没有符合条件的结果',
  clearFilters: '清除筛选',
  filter: '筛选',
  loading: '加载中…',
  copied: '已复制',
  copy: '复制{{what}}',
  selectPage: '选择本页全部',
  select: '选择 {{name}}',
  pageSize: '每页行数',
  perPage: '每页 {{count}} 行',
  previous: '上一页',
  next: '下一页',
  close: '关闭',
  typeToConfirm: '输入 {{word}} 以确认',
  cancel: '取消',
  save: '保存',
  saved: '已保存',
  yes: '是',
  no: '否',
  all: '全部',
  online: '在线',
  offline: '离线',
  platforms: {
    unknown: '未知',
    ios: 'iOS',
    android: 'Android',
    windows: 'Windows',
    mac: 'Mac',
    linux: 'Linux',
    web: '网页',
  },
}

export const charts: Translated<typeof enCharts> = { asTable: '以表格显示' }
