/** The Chinese words about choosing a language, and of what the server says in English. Part of `chinese.ts`. */
import type { tongue as english } from "./english-language";

export const tongue: typeof english = {
  tongue: {
    label: "语言",
    notLoaded: "无法加载此语言。请检查网络，然后重新选择。",
    notKept: "无法更改你的账号设置。此页面已使用新语言；如需保留，请稍后重试。",
    untitled: "会议",
    reasons: {
      empty: "此项必填",
      invalid: "此内容无效",
      most: (number) => `最多 ${number} 个字符`,
      least: (number) => `至少 ${number} 个字符`,
    },
  },
};
