/** The French words of signing up, signing in and the profile. Part of `french.ts`. */
import type { Provider } from "../protocol";
import type { account as english } from "./english-account";
import { count, of } from "./french-grammar";

const clock = (seconds: number) => {
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return minutes === 0
    ? count(rest, { one: "# seconde", other: "# secondes" })
    : `${minutes} min ${String(rest).padStart(2, "0")} s`;
};

const providerNames = { google: "Google", github: "GitHub" } satisfies Record<Provider, string>;

export const account: typeof english = {
  menu: (name) => `Compte ${of(name)}`,
  goHome: "Accueil",
  goProfile: "Profil",
  signOut: "Se déconnecter",
  signIn: "Se connecter",
  signUp: "S’inscrire",

  name: "Nom",
  namePlaceholder: "Le nom que verront les autres",
  nameMissing: "Saisissez votre nom pour que les autres sachent qui vous êtes.",
  email: "E-mail",
  emailMissing: "Saisissez votre adresse e-mail.",
  emailInvalid: "Cette adresse e-mail ne semble pas valide.",
  password: "Mot de passe",
  passwordMissing: "Saisissez un mot de passe.",
  passwordRule: "Au moins 8 caractères. Quelques mots à la suite font un bon mot de passe.",
  showPassword: "Afficher les caractères",
  hidePassword: "Masquer les caractères",
  strengths: {
    short: (missing) =>
      count(missing, {
        one: "Trop court : il manque # caractère.",
        other: "Trop court : il manque # caractères.",
      }),
    weak: "Faible. On pourrait le deviner ; allongez-le.",
    fair: "Correct. Un peu plus long, ce serait mieux.",
    strong: "Solide.",
  },

  fieldRefused: (field, reason) => `${field} : ${reason.replace(/\.$/, "")}.`,
  notUnderstood: "Le serveur n’a pas accepté cette saisie. Vérifiez-la, puis réessayez.",
  signedOut: "Votre session est terminée. Reconnectez-vous, puis réessayez.",
  lockedOut: "Trop de tentatives. Pour votre sécurité, une courte attente s’impose.",
  tryAgainIn: (seconds) => `Vous pourrez réessayer dans ${clock(seconds)}.`,

  signUpTitle: "Créez votre compte",
  signUpLead: "Planifiez des réunions, invitez des personnes et présentez-vous sous votre nom. Une minute suffit.",
  create: "Créer le compte",
  haveAccount: "Vous avez déjà un compte ?",
  checkMail: "Consultez vos e-mails",
  checkMailTo: (email) => `Nous avons envoyé un lien à ${email}. Ouvrez-le pour terminer.`,
  checkMailReset: (email) =>
    `Si ${email} correspond à un compte, un lien pour choisir un nouveau mot de passe est en route.`,
  notThere: "Rien reçu ? Regardez dans les indésirables, ou",
  sendAgain: "Renvoyer",
  sentAgain: "C’est renvoyé. Seul le dernier lien est valable.",
  otherAddress: "Utiliser une autre adresse",

  verifying: "Confirmation de votre adresse e-mail…",
  verified: "Votre adresse e-mail est confirmée",
  verifiedNext: (email) => `${email} est bien à vous. Connectez-vous pour commencer.`,
  linkOver: "Ce lien ne fonctionne plus",
  linkOverNext: "Il a déjà servi ou il est trop ancien. Saisissez votre adresse e-mail et nous vous en enverrons un nouveau.",
  linkMissing: "Confirmez votre adresse e-mail",
  linkMissingNext:
    "Ouvrez le lien que nous vous avons envoyé par e-mail. Ou saisissez votre adresse, et nous vous en enverrons un nouveau.",
  verifyFailed: "Impossible de confirmer votre adresse e-mail",
  sendLink: "Envoyer un nouveau lien",

  signInTitle: "Bon retour parmi nous",
  signInSubmit: "Se connecter",
  forgot: "Mot de passe oublié ?",
  noAccount: "Première visite ?",
  wrongCredentials:
    "L’adresse e-mail et le mot de passe ne correspondent pas. Vérifiez les deux, ou choisissez un nouveau mot de passe.",
  currentWrong: "Ce n’est pas votre mot de passe.",
  notVerified:
    "Votre adresse e-mail n’est pas encore confirmée. Ouvrez le lien que nous vous avons envoyé par e-mail.",
  sendAgainLink: "Renvoyer le lien",
  or: "ou",
  continueWith: (provider) => `Continuer avec ${providerNames[provider]}`,
  linkNeeded:
    "Un compte existe déjà avec cette adresse. Connectez-vous une fois avec son mot de passe, et les deux seront liés.",
  linkFailed:
    "Vous avez ouvert une session, mais rien n’a été lié : cette connexion concerne une autre adresse, ou remonte à trop longtemps.",
  providerDenied: "La connexion y a été annulée. Rien n’a changé.",
  providerUnverified: "Ce compte n’a pas d’adresse e-mail confirmée ; il ne peut donc pas être utilisé ici.",
  providerFailed: "La connexion n’a pas abouti. Réessayez, ou utilisez votre mot de passe.",
  accountDeleted: "Votre compte est supprimé.",
  sessionOver: "Votre session a été fermée. Connectez-vous pour continuer.",

  resetTitle: "Choisissez un nouveau mot de passe",
  resetLead: "Saisissez votre adresse e-mail et nous vous enverrons un lien.",
  resetSend: "Envoyer le lien",
  resetToken: "Il remplace l’ancien et déconnecte tous les appareils.",
  newPassword: "Nouveau mot de passe",
  savePassword: "Enregistrer le mot de passe",
  passwordChanged: "Votre mot de passe est modifié",
  passwordChangedNext: "Tous les appareils ont été déconnectés. Connectez-vous avec le nouveau mot de passe.",
  backToSignIn: "Retour à la connexion",

  profile: "Profil",
  profileLead: "Comment les autres vous voient et comment vous vous connectez.",
  you: "Vous",
  youLead: "Visible dans les réunions, les invitations et les appels.",
  colour: "Couleur",
  colours: [
    "Rouge",
    "Orange",
    "Ocre",
    "Olive",
    "Vert",
    "Sarcelle",
    "Pétrole",
    "Bleu ciel",
    "Bleu",
    "Indigo",
    "Violet",
    "Rose",
  ],
  colourNow: "Inchangée",
  picture: "Photo",
  choosePicture: "Choisir une photo",
  removePicture: "Supprimer la photo",
  pictureUnreadable: "Le navigateur ne peut pas lire ce fichier comme une image.",
  language: "Langue et région",
  languageHint: "Les textes, les dates et les heures s’y conforment",
  languageOwn: "Comme dans ce navigateur",
  save: "Enregistrer",
  saved: "Enregistré.",
  security: "Connexion",
  securityLead: "Votre adresse, votre mot de passe et vos autres moyens de connexion.",
  changePassword: "Modifier le mot de passe",
  setPassword: "Définir un mot de passe",
  currentPassword: "Mot de passe actuel",
  passwordSaved: "Mot de passe modifié. Vos autres appareils ont été déconnectés.",
  providers: "Comptes liés",
  providerName: (provider) => providerNames[provider],
  connected: "Lié",
  devices: "Appareils",
  devicesLead: "Là où votre session est ouverte. Déconnectez tout ce que vous ne reconnaissez pas.",
  thisDevice: "Cet appareil",
  lastUsed: (when) => `Dernière utilisation : ${when}`,
  since: (date) => `session ouverte le ${date}`,
  justNow: "à l’instant",
  signOutDevice: (device) => `Déconnecter ${device}`,
  deviceSignedOut: (device) => `${device} : session fermée.`,
  signOutOthers: "Déconnecter tous les autres",
  othersSignedOut: "Tous les autres appareils sont déconnectés.",
  devicesFailed: "Impossible de charger la liste de vos appareils.",
  leave: "Partir",
  leaveLead: "Déconnectez-vous ici, ou supprimez tout.",
  deleteAccount: "Supprimer le compte",
  deleteTitle: "Supprimer votre compte ?",
  deleteText:
    "Votre profil est supprimé, tous vos appareils sont déconnectés et vos réunions prennent fin. Cette action est irréversible.",
  deleteAsk: (email) => `Saisissez ${email} pour confirmer`,
  deleteMismatch: "Ce n’est pas l’adresse de votre compte.",
  deleteConfirm: "Supprimer définitivement",
};
