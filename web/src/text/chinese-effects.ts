/** Chinese words of what is done to pictures: what stands behind people, the call in a small window. */
import type { effects as english } from "./english-effects";

export const effects: typeof english = {
  background: {
    title: "背景",
    choices: {
      none: "无",
      slight: "轻度模糊",
      strong: "重度模糊",
      dawn: "黎明",
      study: "书房",
      forest: "森林",
      night: "夜晚",
      own: "你的图片",
    },
    choosePicture: "选择自己的图片",
    changePicture: "换一张图片",
    onDevice: "你的画面在此设备上处理完毕后才会发送。",
    preparing: "正在准备背景…",
    preparingShown: "正在准备背景。在此之前，其他人看到的是没有背景的你。",
    goPlain: "不用背景，直接显示",
    problems: {
      unsupported: "此浏览器无法更换背景，因此其他人现在看不到你。",
      unloaded: "无法加载背景所需的内容，因此其他人现在看不到你。请检查网络。",
      stopped: "背景停止工作，因此其他人现在看不到你。",
      picture: "你的图片已不在此设备上，因此其他人现在看不到你。请选择其他背景。",
    },
    pictureProblems: {
      too_large: "图片太大。请选择不超过 25 MB 的图片。",
      unreadable: "无法将此文件读取为图片。请选择一张照片，例如 JPEG 或 PNG。",
      unkept: "此浏览器不为此页面保存图片。请允许它存储数据，或选择其他背景。",
    },
  },

  floating: {
    open: "在小窗口中打开",
    close: "关闭小窗口",
    failed: "无法打开小窗口。请让此标签页保持可见。",
  },
};
