/** The Chinese words around a call: keys, sounds, the connection, what breaks, pins. Part of `chinese.ts`. */
import type { surface as english } from "./english-surface";

const percent = (share: number) =>
  share > 0 && share < 0.001 ? "低于 0.1%" : `${Number((share * 100).toFixed(1))}%`;

const towards = (region: string | null) => (region === null ? "媒体区域" : `“${region}”区域`);

export const surface: typeof english = {
  keys: {
    title: "键盘快捷键",
    show: "显示键盘快捷键",
    notWhileTyping: "输入文字时，快捷键不起作用。",
    off: "单键快捷键已在设置中关闭。",
    space: "空格",
    escape: "Esc",
    does: {
      microphone: "静音或解除静音",
      talk: "静音时按住：按住期间解除静音",
      camera: "打开或关闭摄像头",
      share: "共享屏幕或停止共享",
      hand: "举手或放下手",
      react: "表情回应",
      chat: "聊天",
      people: "成员",
      layout: "布局",
      settings: "设置",
      connection: "连接",
      sheet: "此列表",
      close: "关闭已打开的内容",
    },
    heading: "键盘",
    single: "键盘快捷键",
    talk: "按住说话",
    talkMeans: "按住空格键即可解除静音，松开后恢复静音。",
  },

  talking: {
    now: "按住空格键期间，其他人能听到你",
    over: "你已恢复静音",
  },

  sounds: {
    heading: "通知",
    all: "提示音",
    allMeans: "所有通知也会以文字显示，并可由读屏软件读出。",
    kinds: {
      people: "有人加入、离开或申请加入",
      hands: "有人举手",
      chat: "有新消息",
    },
    crowd: "在大型会议中默认关闭。",
    unseen: (events, title) => `(${events}) ${title}`,
    handLowered: "主持人放下了你的手",
  },

  connection: {
    title: "连接",
    show: "显示连接详情",
    measuring: "正在测量…",
    away: "音视频目前未连接。正在恢复。",
    quality: {
      good: "你的连接良好",
      fair: "你的连接一般",
      poor: "你的连接较差",
    },
    fine: "音视频双向传输都很及时。",
    why: {
      loss_out: "你发送的内容有一部分在途中丢失：其他人听到和看到的你可能断断续续。",
      loss_in: "发给你的内容有一部分在途中丢失：你听到和看到的其他人可能断断续续。",
      delay: "所有内容都要很久才能送达：大家可能会同时说话。",
      room: "可用的发送带宽很少：你的画面会缩小发送，或不发送。",
    },
    advice: "请靠近 Wi-Fi 或改用网线，并关闭其他占用网络的程序。关闭摄像头最有效。",
    line: "线路",
    path: "路径",
    way: {
      udp: (region) => `通过 UDP 连接到${towards(region)}`,
      tcp: (region) => `通过 TCP 连接到${towards(region)}`,
      relay: (region) => `通过中继连接到${towards(region)}`,
    },
    wayMeans: {
      udp: "这是最好的方式：丢失的内容不会拖慢其他内容。",
      tcp: "你的网络屏蔽了 UDP。音视频可以传输，但可能卡顿。",
      relay: "你的网络不允许直接连接。内容由中继转发，耗时更长。",
    },
    local: "你这端",
    remote: "对端",
    candidates: {
      host: "自身地址",
      srflx: "位于路由器之后",
      prflx: "位于路由器之后，途中发现",
      relay: "中继",
    },
    unknown: "此浏览器未提供",
    protocol: "协议",
    roundTrip: "往返时间",
    milliseconds: (time) => `${Math.round(time)} 毫秒`,
    lossOut: "发送丢失",
    lossIn: "接收丢失",
    percent,
    rateOut: "发送",
    rateIn: "接收",
    room: "可用发送带宽",
    rate: (bps) => (bps >= 1_000_000 ? `${(bps / 1_000_000).toFixed(1)} Mbit/s` : `${Math.round(bps / 1_000)} kbit/s`),
    sent: "你发送的内容",
    received: "你接收的内容",
    nothingSent: "暂无：麦克风和摄像头均已关闭。",
    nothingReceived: "暂无：其他人都没有打开麦克风或摄像头。",
    networks: "其他人的网络",
    networksGood: "你看到或听到的所有人网络都良好。",
    picture: (width, height, pictures) => `${width} × ${height}，每秒 ${Math.round(pictures)} 帧`,
    ownSound: "你的麦克风",
    ownPicture: "你的摄像头",
    ownScreen: "你的屏幕",
    ownScreenSound: "你屏幕的声音",
    cameraOf: (name) => name,
    voice: "语音",
    limits: {
      bandwidth: "因网络而缩小",
      cpu: "因此电脑的性能而缩小",
      other: "被浏览器缩小",
    },
  },

  broken: {
    part: "这一部分出错了。通话仍在继续。",
    stage: "无法显示画面。声音仍在继续。",
    tile: "画面出错",
    call: "通话页面出错了。你仍在会议中，声音也在继续。",
    page: "此页面出错了",
    pageNext: "请重试，或回到首页。",
    again: "仍未加载。可能已有新版本：刷新页面，即可马上回到会议。",
    reload: "刷新",
  },

  unable: {
    browser: "此浏览器无法通话",
    browserNext: "请用新版 Chrome、Edge、Firefox 或 Safari 打开链接。",
    insecure: "此地址不安全",
    insecureNext: "浏览器只允许在通过 https 加载的页面上通话。",
    secure: "打开安全地址",
    socket: "会议有响应，但无法建立实时连接。防火墙或拦截程序可能阻止了 WebSocket。正在重试…",
    protocol: "此页面与会议无法相互理解",
    protocolNext: "可能已有新版本。请刷新页面后回来。",
    rate: "一次发送的内容过多",
    rateNext: "为保护其他人，会议关闭了此连接。请稍等片刻，再回来。",
    reload: "刷新",
  },

  pin: {
    pin: (name) => `固定 ${name}`,
    unpin: (name) => `取消固定 ${name}`,
  },
};
