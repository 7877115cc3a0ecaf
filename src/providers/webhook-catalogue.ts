import { didYouMean } from '../core/did-you-mean.ts'
import { GoodfenceError } from '../core/errors.ts'
import { type WebhookProvider } from './webhook-provider.ts'
import { adyenPayments, adyenPlatform } from './webhooks/adyen.ts'
import { appleAppStoreV2 } from './webhooks/apple.ts'
import { asana } from './webhooks/asana.ts'
import { awsSnsV1, awsSnsV2 } from './webhooks/aws-sns.ts'
import { azureEventGrid } from './webhooks/azure-event-grid.ts'
import { bitbucket } from './webhooks/bitbucket.ts'
import { box } from './webhooks/box.ts'
import { braintree } from './webhooks/braintree.ts'
import { calendly } from './webhooks/calendly.ts'
import { chargebee } from './webhooks/chargebee.ts'
import { clerk } from './webhooks/clerk.ts'
import { cloudinary, cloudinarySha256 } from './webhooks/cloudinary.ts'
import { coinbaseCommerce } from './webhooks/coinbase-commerce.ts'
import { contentfulApp, contentfulWebhook } from './webhooks/contentful.ts'
import { customerio } from './webhooks/customerio.ts'
import { datadog } from './webhooks/datadog.ts'
import { discord } from './webhooks/discord.ts'
import { docusign } from './webhooks/docusign.ts'
import { dropbox } from './webhooks/dropbox.ts'
import { dropboxSign } from './webhooks/dropbox-sign.ts'
import { easypost } from './webhooks/easypost.ts'
import { elevenlabs } from './webhooks/elevenlabs.ts'
import { freshdesk } from './webhooks/freshdesk.ts'
import { github } from './webhooks/github.ts'
import { gitlabSigningToken, gitlabToken } from './webhooks/gitlab.ts'
import { gocardless } from './webhooks/gocardless.ts'
import { googlePubsubPush } from './webhooks/google-pubsub.ts'
import { hubspotV1, hubspotV2, hubspotV3 } from './webhooks/hubspot.ts'
import { intercom } from './webhooks/intercom.ts'
import { kontentAi } from './webhooks/kontent-ai.ts'
import { launchdarkly } from './webhooks/launchdarkly.ts'
import { lemonsqueezy } from './webhooks/lemonsqueezy.ts'
import { line } from './webhooks/line.ts'
import { linear } from './webhooks/linear.ts'
import { livekit } from './webhooks/livekit.ts'
import { mailchimpMarketing } from './webhooks/mailchimp.ts'
import { mailgun } from './webhooks/mailgun.ts'
import { mandrill } from './webhooks/mandrill.ts'
import { mercadopago } from './webhooks/mercadopago.ts'
import { messagebirdJwt, messagebirdLegacy } from './webhooks/messagebird.ts'
import { meta } from './webhooks/meta.ts'
import { modernTreasury } from './webhooks/modern-treasury.ts'
import { mollie, mollieClassic } from './webhooks/mollie.ts'
import { msgraph } from './webhooks/msgraph.ts'
import { msteamsOutgoing } from './webhooks/msteams.ts'
import { mux } from './webhooks/mux.ts'
import { notion } from './webhooks/notion.ts'
import { oktaEventHook } from './webhooks/okta.ts'
import { onesignal } from './webhooks/onesignal.ts'
import { onfido } from './webhooks/onfido.ts'
import { openai } from './webhooks/openai.ts'
import { paddle } from './webhooks/paddle.ts'
import { pagerduty } from './webhooks/pagerduty.ts'
import { paypal } from './webhooks/paypal.ts'
import { pipedrive } from './webhooks/pipedrive.ts'
import { plaid } from './webhooks/plaid.ts'
import { polar } from './webhooks/polar.ts'
import { pusher } from './webhooks/pusher.ts'
import { quickbooks } from './webhooks/quickbooks.ts'
import { razorpay } from './webhooks/razorpay.ts'
import { replicate } from './webhooks/replicate.ts'
import { resend } from './webhooks/resend.ts'
import { retell } from './webhooks/retell.ts'
import { salesforceOutbound } from './webhooks/salesforce.ts'
import { sanity } from './webhooks/sanity.ts'
import { segment } from './webhooks/segment.ts'
import { sendgrid } from './webhooks/sendgrid.ts'
import { sentry } from './webhooks/sentry.ts'
import { shopify, shopifyEvents } from './webhooks/shopify.ts'
import { slack } from './webhooks/slack.ts'
import { smartcar } from './webhooks/smartcar.ts'
import { square } from './webhooks/square.ts'
import { standardWebhooks } from './webhooks/standard-webhooks.ts'
import { stripe } from './webhooks/stripe.ts'
import { svix } from './webhooks/svix.ts'
import { telnyx } from './webhooks/telnyx.ts'
import { trello } from './webhooks/trello.ts'
import { twilioForm, twilioJson } from './webhooks/twilio.ts'
import { typeform } from './webhooks/typeform.ts'
import { vonageJwt, vonageSms } from './webhooks/vonage.ts'
import { woocommerce } from './webhooks/woocommerce.ts'
import { workos } from './webhooks/workos.ts'
import { xero } from './webhooks/xero.ts'
import { zendesk } from './webhooks/zendesk.ts'
import { zoom } from './webhooks/zoom.ts'

/** Every way in which providers send webhooks, in the order of the schemes' ids. */
export const webhookProviders: readonly WebhookProvider[] = [
  adyenPayments,
  adyenPlatform,
  appleAppStoreV2,
  asana,
  awsSnsV1,
  awsSnsV2,
  azureEventGrid,
  bitbucket,
  box,
  braintree,
  calendly,
  chargebee,
  clerk,
  cloudinary,
  cloudinarySha256,
  coinbaseCommerce,
  contentfulApp,
  contentfulWebhook,
  customerio,
  datadog,
  discord,
  docusign,
  dropbox,
  dropboxSign,
  easypost,
  elevenlabs,
  freshdesk,
  github,
  gitlabSigningToken,
  gitlabToken,
  gocardless,
  googlePubsubPush,
  hubspotV1,
  hubspotV2,
  hubspotV3,
  intercom,
  kontentAi,
  launchdarkly,
  lemonsqueezy,
  line,
  linear,
  livekit,
  mailchimpMarketing,
  mailgun,
  mandrill,
  mercadopago,
  messagebirdJwt,
  messagebirdLegacy,
  meta,
  modernTreasury,
  mollie,
  mollieClassic,
  msgraph,
  msteamsOutgoing,
  mux,
  notion,
  oktaEventHook,
  onesignal,
  onfido,
  openai,
  paddle,
  pagerduty,
  paypal,
  pipedrive,
  plaid,
  polar,
  pusher,
  quickbooks,
  razorpay,
  replicate,
  resend,
  retell,
  salesforceOutbound,
  sanity,
  segment,
  sendgrid,
  sentry,
  shopify,
  shopifyEvents,
  slack,
  smartcar,
  square,
  standardWebhooks,
  stripe,
  svix,
  telnyx,
  trello,
  twilioForm,
  twilioJson,
  typeform,
  vonageJwt,
  vonageSms,
  woocommerce,
  workos,
  xero,
  zendesk,
  zoom,
]

/** Providers whose webhooks nobody here has seen described: neither signing nor checking could be more than a guess. */
export const unknownSchemes: readonly { readonly id: string; readonly title: string; readonly reason: string }[] = [
  { id: 'algolia', title: 'Algolia', reason: 'not looked up; no verifier of its own found on npm' },
  { id: 'amplitude', title: 'Amplitude', reason: 'not looked up; no verifier of its own found on npm' },
  { id: 'mixpanel', title: 'Mixpanel', reason: 'not looked up; no verifier of its own found on npm' },
]

/** How the provider of a scheme sends. Throws `unknown_provider`, which names what is near, for any other id. */
export function webhookProviderOf(schemeId: string): WebhookProvider {
  const found = webhookProviders.find(({ webhooks }) => webhooks.scheme.id === schemeId)
  if (found !== undefined) return found
  const known = webhookProviders.map(({ webhooks }) => webhooks.scheme.id)
  const ofProvider = webhookProviders.filter(({ name }) => name === schemeId).map(({ webhooks }) => webhooks.scheme.id)
  const unknown = unknownSchemes.find(({ id }) => id === schemeId)
  const end =
    unknown !== undefined
      ? ` How ${unknown.title} signs is not known: ${unknown.reason}.`
      : ofProvider.length > 0
        ? ` The provider "${schemeId}" has ${ofProvider.join(', ')}.`
        : didYouMean(schemeId, known)
  throw new GoodfenceError('unknown_provider', `There is no webhook scheme "${schemeId}".${end}`, {
    name: schemeId,
    known,
  })
}
