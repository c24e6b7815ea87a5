/** Chinese words of the stage: screens, layouts, devices during a call. Part of `chinese.ts`. */
import type { stage as english } from "./english-stage";

export const stage: typeof english = {
  stage: {
    screenOf: (name) => `${name} 的屏幕`,
    paused: {
      bandwidth: "已暂停：你的网络目前带不动",
      slots: "已暂停：同时显示的画面太多",
      codec: "已暂停：此浏览器无法显示这种格式",
    },
    network: { fair: "网络不稳定", poor: "网络很差" },
    pinned: "已固定",
    spotlit: "所有人的焦点",
    previousPage: "上一页",
    nextPage: "下一页",
    page: (page, pages) => `第 ${page} 页，共 ${pages} 页`,
  },

  sharing: {
    share: "共享屏幕",
    stop: "停止共享",
    now: "所有人都能看到你的屏幕。",
    withSound: "所有人都能看到你的屏幕，并听到屏幕的声音。",
    hint: "优先保证",
    hints: { detail: "文字清晰", motion: "画面流畅" },
    missing: "此浏览器无法共享屏幕。请在电脑上使用新版浏览器。",
    problems: {
      system: "系统未允许浏览器录制屏幕。请在系统的隐私设置中允许。",
      failed: "无法共享屏幕。请重试，或选择其他窗口。",
    },
  },

  layout: {
    title: "布局",
    modes: {
      grid: { name: "网格", text: "所有人一样大" },
      speaker: { name: "发言者", text: "发言的人占满画面" },
      sidebar: { name: "侧边栏", text: "发言的人放大，其他人在旁边" },
    },
    selfView: "你自己的画面",
    selfViews: { tile: "与其他人一起", float: "放在角落", hidden: "隐藏" },
  },

  settings: {
    title: "设置",
    devices: "设备",
    screen: "你的屏幕",
    sound: "你的声音",
    picture: "你的画面",
    noiseSuppression: "降噪",
    echoCancellation: "回声消除",
    autoGainControl: "自动增益",
    mirror: "镜像自己的画面",
    noRouting: "在此浏览器中，声音从系统选定的设备播放。",
  },

  trouble: {
    again: "重试",
    without: "不使用并继续",
    microphone: {
      refused: "浏览器未允许此页面使用麦克风。请在地址栏旁允许，然后重试。",
      missing: "未找到麦克风。请接上一个，然后重试。",
      busy: "另一个程序正在使用麦克风。请先在那里关闭，然后重试。",
      unsupported: "此浏览器无法在这里使用麦克风。请使用新版浏览器，并通过安全连接访问。",
    },
    camera: {
      refused: "浏览器未允许此页面使用摄像头。请在地址栏旁允许，然后重试。",
      missing: "未找到摄像头。请接上一个，然后重试。",
      busy: "另一个程序正在使用摄像头。请先在那里关闭，然后重试。",
      unsupported: "此浏览器无法在这里使用摄像头。请使用新版浏览器，并通过安全连接访问。",
    },
  },

  fallback: {
    microphone: (name) => `麦克风已断开，现在使用“${name}”。`,
    camera: (name) => `摄像头已断开，现在使用“${name}”。`,
    speaker: () => "扬声器已断开，现在使用系统默认设备。",
  },
};
