/** The Chinese words of leading a meeting, of hands and of reactions. Part of `chinese.ts`. */
import type { room as english } from "./english-room";

export const room: typeof english = {
  deeds: {
    options: (name) => `${name} 的选项`,
    names: {
      mute: () => "静音",
      camera_off: () => "关闭摄像头",
      stop_sharing: () => "停止共享",
      lower_hand: () => "放下手",
      pin: () => "固定",
      spotlight: () => "设为焦点",
      unspotlight: () => "取消焦点",
      message: (name) => `给 ${name} 发消息`,
      make_cohost: () => "设为联席主持人",
      unmake_cohost: () => "取消联席主持人",
      remove: () => "移出会议",
    },
    unpin: "取消固定",
    means: {
      pin: "放大，仅你可见",
      spotlight: "对所有人放大",
    },
    removeTitle: (name) => `将 ${name} 移出会议？`,
    removeText: (name) => `${name} 将立即断开连接，会议结束前无法再次加入。`,
    removeConfirm: "移出",
  },

  hosting: {
    heading: "主持人控制",
    everyone: {
      microphone: { stop: "全员静音", stopped: "除主持人外，所有人均已静音" },
      camera: { stop: "关闭所有摄像头", stopped: "除主持人外，所有摄像头均已关闭" },
      screen: { stop: "停止所有共享", stopped: "除主持人外，没有人在共享屏幕" },
    },
    lock: "锁定会议",
    unlock: "解锁会议",
    locked: "会议已锁定：其他人无法再加入",
    waitingRoom: "等候室",
    waitingRoomMeans: "受邀者以外的人都需要申请，由主持人允许加入。",
    waitingRoomAlways: "私密会议中始终开启。",
    share: "允许成员共享屏幕",
    chat: "允许成员聊天",
    react: "允许成员发送表情回应",
    unmute: "允许成员自行解除静音",
    admitEveryone: "全部允许",
  },

  hands: {
    raise: "举手",
    lower: "放下手",
    raised: (name) => `${name} 举手了`,
    list: "举手的人",
    number: (number) => `${number} 人举手`,
    lowerAll: "全部放下",
    mark: "已举手",
  },

  reacting: {
    react: "表情回应",
    title: "表情回应",
    names: {
      thumbs_up: "点赞",
      clap: "鼓掌",
      heart: "爱心",
      laugh: "大笑",
      wow: "惊讶",
      sad: "难过",
      party: "庆祝",
      thumbs_down: "点踩",
    },
    said: (name, reaction) => `${name} 的回应：${reaction}`,
  },

  refused: {
    unmute: "主持人不允许自行解除静音",
    react: "主持人不允许发送表情回应",
    chat: "主持人不允许向所有人发消息",
    share: "主持人不允许共享屏幕",
  },

  told: {
    stopped: {
      microphone: "主持人已将你静音",
      camera: "主持人关闭了你的摄像头",
      screen: "主持人停止了你的屏幕共享",
      screen_audio: "主持人停止了你屏幕的声音",
    },
    leads: "你现在是联席主持人",
    leadsNot: "你不再是联席主持人",
    wrote: (name, text) => `${name}：${text}`,
    wroteAlone: (name, text) => `${name}（仅发给你）：${text}`,
  },
};
