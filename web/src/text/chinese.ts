/** Every word that people read, in simplified Chinese: the shape is that of `english.ts`. */
import { account } from "./chinese-account";
import { effects } from "./chinese-effects";
import { tongue } from "./chinese-language";
import { meetings } from "./chinese-meetings";
import { room } from "./chinese-room";
import { stage } from "./chinese-stage";
import { surface } from "./chinese-surface";
import type { Catalogue } from "./english";

const list = new Intl.ListFormat("zh-Hans", { type: "conjunction" });

export const chinese: Catalogue = {
  language: "zh",
  brand: "Meridian",
  skip: "跳到正文",
  close: "关闭",
  loading: "正在加载…",
  cancel: "取消",
  you: "你",
  theme: "切换主题",
  documentTitle: (page) => `${page} · Meridian`,

  landing: {
    title: "视频会议",
    headline: "一声你好，即刻相见。",
    lead: "转瞬接通的视频会议，任何浏览器都能用。分享一个链接，大家就到齐了。",
    newMeeting: "新会议",
    starting: "正在开始…",
    code: "会议代码或链接",
    codeExample: "abc-defg-hjk",
    join: "加入",
    badCode: "这不是会议代码。会议代码形如 abc-defg-hjk，会议链接以它结尾。",
    noAccount: "无需账号，无需安装。",
    features: "功能",
    slide: (place, of) => `第 ${place} 张，共 ${of} 张`,
    carousel: "轮播",
    slideRole: "幻灯片",
    previous: "上一项功能",
    next: "下一项功能",
    featuresTitle: "用心做到不打扰",
    cards: [
      {
        title: "比你先到一步",
        text: "你查看自己的画面时，一切已准备就绪。一来一回两条消息，就能加入。",
      },
      {
        title: "无论身在何处，都离你很近",
        text: "会议运行在网络边缘，视频经最近的区域走最短的路。",
      },
      {
        title: "断线后自动恢复",
        text: "换网络、合上电脑、服务器掉线：通话都会自行恢复，一条消息也不会丢。",
      },
      {
        title: "一个链接就够了",
        text: "访客无需应用，也无需账号。手机、笔记本电脑或整面墙的大屏，都能适应。",
      },
      {
        title: "由你自己运行",
        text: "用两个你已熟悉的工具，部署到自己的账号里。没有跟踪，也没有中间人。",
      },
    ],
    footer: "运行在网络边缘的视频会议。",
    heroNames: ["Amara", "Jonas", "小梅", "Tomás"],
  },

  notFound: {
    title: "这里什么也没有",
    next: "地址可能有误。请检查链接，或回到首页。",
    home: "前往首页",
  },

  notLoaded: {
    title: "无法加载此页面",
    next: "请检查网络，然后重试。",
  },

  preview: {
    title: "准备好加入了吗？",
    self: "你的摄像头",
    name: "你的名字",
    namePlaceholder: "其他人看到的名字",
    nameMissing: "请输入名字，让其他人知道你是谁。",
    nameForbidden: "名字中含有不能使用的字符。",
    email: "邮箱",
    emailOptional: "选填",
    emailInvalid: "这看起来不像邮箱地址。",
    camera: "摄像头",
    microphone: "麦克风",
    speaker: "扬声器",
    systemDefault: "系统默认",
    none: "未找到设备",
    level: "麦克风音量",
    testSpeaker: "测试扬声器",
    join: "加入会议",
    joining: "正在加入…",
    cameraOff: "摄像头已关闭",
    cameraStarting: "正在启动摄像头…",
    alone: "还没有其他人。",
    here: (names, total) => {
      const rest = total - names.length;
      return `已在会议中：${list.format(rest > 0 ? [...names, `另外 ${rest} 人`] : names)}。`;
    },
    isHere: (total) => `已有 ${total} 人在会议中。`,
    looking: "正在查找会议…",
  },

  check: {
    label: "连接",
    checking: "正在检查连接…",
    good: (milliseconds) => `一切就绪。会议响应时间为 ${milliseconds} 毫秒。`,
    trying: "正在测试音视频能否传输…",
    through: {
      udp: (region, milliseconds) =>
        `一切就绪。音视频可通过最佳路径传输：以 UDP 到达“${region}”区域，用时 ${milliseconds} 毫秒。`,
      tcp: (region) => `一切就绪。你的网络屏蔽了 UDP，音视频将以 TCP 到达“${region}”区域，可以传输，有时可能卡顿。`,
      relay_udp: (region) => `一切就绪。你的网络不允许直接连接，音视频将通过中继到达“${region}”区域，耗时稍长。`,
      relay_tcp: (region) =>
        `一切就绪。你的网络屏蔽了 UDP，音视频将以 TCP 通过中继到达“${region}”区域，可以传输，有时可能卡顿。`,
      relay_tls: (region) =>
        `一切就绪。你的网络几乎只允许网页，音视频将通过加密中继到达“${region}”区域，可以传输，有时可能卡顿。`,
      websocket: (region) =>
        `一切就绪。你的网络屏蔽了常用路径，通话将通过加密的网页连接到达“${region}”区域，画面较小，稍有延迟。`,
    },
    blocked: (region) =>
      `音视频将无法传输：你的网络屏蔽了到“${region}”区域的所有路径。你可以加入并聊天。换一个网络或关闭 VPN 会有帮助。`,
    again: "重新检查",
    noRegion: "目前没有媒体区域能承接通话。你可以先加入并聊天，一有区域恢复，音视频就会接通。",
    noSocket: "暂时无法连接到会议。正在重试…",
    offline: "你似乎已离线。请检查网络；恢复后此页面会自动察觉。",
    unsupported: "此浏览器无法通话。请使用新版 Chrome、Edge、Firefox 或 Safari。",
  },

  devices: {
    microphone: {
      refused: "浏览器未允许此页面使用麦克风。请在地址栏旁允许，然后打开麦克风。你也可以不用麦克风直接加入。",
      missing: "未找到麦克风。请接上一个，或加入后只听。",
      busy: "另一个程序正在使用麦克风。请先在那里关闭，再在这里打开。",
      unsupported: "此浏览器无法在这里使用麦克风。你可以加入后只听。",
    },
    camera: {
      refused: "浏览器未允许此页面使用摄像头。请在地址栏旁允许，然后打开摄像头。你也可以不用摄像头直接加入。",
      missing: "未找到摄像头。请接上一个，或不用摄像头直接加入。",
      busy: "另一个程序正在使用摄像头。请先在那里关闭，再在这里打开。",
      unsupported: "此浏览器无法在这里使用摄像头。你可以不用摄像头直接加入。",
    },
    mute: "静音",
    unmute: "解除静音",
    cameraOff: "关闭摄像头",
    cameraOn: "打开摄像头",
  },

  call: {
    controls: "通话控制",
    chat: "聊天",
    people: "成员",
    leave: "离开",
    unread: (number) => `${number} 条未读消息`,
    stage: "参会者视频",
    copyLink: "复制会议链接",
    copy: "复制链接",
    copied: "链接已复制",
    copyFailed: "无法复制链接。你可以从地址栏复制。",
    aloneTitle: "这里只有你一人",
    aloneNext: "把这个链接发给你想见的人。",
    sound: "打开声音",
    soundWhy: "浏览器暂停了此页面的声音。",
    more: (number) => `还有 ${number} 人`,
    joined: (name) => `${name} 已加入`,
    left: (name) => `${name} 已离开`,
    reconnecting: "连接已断开。正在带你回到会议…",
    offline: "你已离线。网络恢复后会自动回到会议。",
    roomAway: "目前无法连接到会议。音视频不受影响；恢复后会发送你的消息。",
    webOnly: "此网络只允许网页连接通过。画面可能会变小，并稍有延迟。",
    woke: "你的设备刚才处于休眠状态。正在带你回到会议…",
    mediaConnecting: "正在连接音视频…",
    mediaRecovering: "音视频中断。正在恢复…",
    mediaUnavailable: "目前没有媒体区域能承接通话。系统会自动重试，在此期间可以聊天。",
    mediaRejected: "无法在此浏览器中建立音视频。",
    mediaAgain: "重试",
  },

  tile: {
    label: (name, marks) => [name, ...marks].join("，"),
    you: "你",
    muted: "已静音",
    cameraOff: "摄像头已关闭",
    speaking: "正在发言",
    reconnecting: "正在重新连接",
    host: "主持人",
    cohost: "联席主持人",
    stream: { publish: "直播流", watch: "正在观看" },
  },

  account,
  ...tongue,
  ...meetings,
  ...room,
  ...stage,
  ...surface,
  ...effects,

  chat: {
    title: "聊天",
    log: "聊天消息",
    message: "消息",
    placeholder: "给所有人发消息",
    placeholderAlone: (name) => `只给 ${name} 发消息`,
    to: "发给",
    everyone: "所有人",
    you: "你",
    alone: (name) => `仅发给：${name}`,
    gone: "已不在会议中",
    somebody: "已离开的人",
    unsay: "删除消息",
    emoji: "表情",
    send: "发送",
    empty: "还没有消息",
    emptyNext: "你在这里写的内容，会议中的所有人都能看到，之后加入的人也一样。",
    sending: "正在发送…",
    failed: "未发送",
    again: "重试",
    tooLong: (over) => `超出 ${over} 个字符`,
  },

  people: {
    title: "成员",
    list: "参会者",
    sharing: "正在共享屏幕",
    host: "主持人",
    cohost: "联席主持人",
    stream: { publish: "直播流", watch: "正在观看会议" },
    you: "你",
    end: "为所有人结束会议",
    endTitle: "为所有人结束会议？",
    endText: (others) =>
      others === 0 ? "会议将关闭，链接随之失效。" : `你和其他 ${others} 人的连接将断开，链接随之失效。`,
    endConfirm: "结束会议",
  },

  ended: {
    left: "你已离开会议",
    leftNext: "不小心离开了？会议仍在继续。",
    rejoin: "重新加入",
    home: "返回首页",
    newMeeting: "开始新会议",
    over: "会议已结束",
    overWhy: {
      ended_by_host: "主持人为所有人结束了会议。",
      expired: "会议已有一段时间无人参加。",
    },
    removed: "主持人已将你移出会议",
    removedNext: "在会议结束之前，你无法再次加入。如果你认为这是误操作，请联系主持人。",
    replaced: "你已在别处加入",
    replacedNext: "你的席位正在另一个标签页或窗口中使用。关闭那一个，即可回到这里。",
    closed: "连接已断开",
    closedNext: "会议关闭了此连接。你可以马上回来。",
  },

  errors: {
    invalid_request: { title: "会议未能理解该请求", next: "请刷新页面，然后重试。" },
    too_large: { title: "内容太大，无法发送", next: "请缩短后重试。" },
    not_found: { title: "这里什么也没有", next: "请检查链接，或回到首页。" },
    method_not_allowed: { title: "此处无法执行该操作", next: "请刷新页面，然后重试。" },
    unauthorized: { title: "你的席位已失效", next: "请刷新页面，重新入座。" },
    forbidden: { title: "你没有权限执行此操作", next: "请联系会议主持人。" },
    invalid_credentials: { title: "邮箱与密码不匹配", next: "请检查两者，或重新设置密码。" },
    email_not_verified: { title: "你的邮箱尚未验证", next: "请打开我们发给你的邮件中的链接。" },
    invalid_token: { title: "此链接已失效", next: "请重新获取一个。" },
    origin_not_allowed: { title: "此页面不能打开该会议", next: "请直接打开会议链接。" },
    room_not_found: { title: "没有使用此代码的会议", next: "请向发送者核对代码，每个字母都要一致。" },
    room_ended: { title: "会议已结束", next: "链接已失效。请开始新会议，并分享新链接。" },
    room_locked: { title: "会议已锁定", next: "现在无法再加入。请让主持人解锁，然后重试。" },
    room_full: { title: "会议人数已满", next: "等有人离开后再试。" },
    not_invited: { title: "此会议仅限受邀者参加", next: "请使用受邀的邮箱登录，或请主持人邀请你。" },
    banned: { title: "你已被移出此会议", next: "主持人决定，在会议结束前你不能再次加入。" },
    guest_meetings_off: { title: "访客不能在此发起会议", next: "只要有会议代码，你就可以加入会议。" },
    not_joined: { title: "你不在会议中", next: "请先加入会议。" },
    already_joined: { title: "你已在会议中", next: "请在其他标签页中查找。" },
    host_only: { title: "只有主持人才能这样做", next: "请联系会议主持人。" },
    rate_limited: { title: "操作太快了", next: "请稍等片刻，然后重试。" },
    region_unavailable: { title: "没有媒体区域能承接通话", next: "请稍等片刻，然后重试。" },
    offer_rejected: { title: "无法在此浏览器中建立通话", next: "请更新浏览器，或换一个。" },
    internal: { title: "我们这边出了问题", next: "请稍等片刻，然后重试。" },
    unreachable: { title: "无法连接到服务器", next: "请检查网络。我们会不断重试。" },
  },
  tryAgain: "重试",
};
