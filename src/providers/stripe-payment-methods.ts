/**
 * Every type of payment method that an intent can name: the types of Stripe's object PaymentMethod, from its document of
 * API 2023-08-16. Which of them an account may use depends on its country and dashboard.
 */
export const stripePaymentMethodTypes: readonly string[] = (
  'acss_debit affirm afterpay_clearpay alipay au_becs_debit bacs_debit bancontact blik boleto card card_present cashapp ' +
  'customer_balance eps fpx giropay grabpay ideal interac_present klarna konbini link oxxo p24 paynow paypal pix promptpay ' +
  'sepa_debit sofort us_bank_account wechat_pay zip'
).split(' ')
