# Receives webhooks, and answers 401 to calls that are not genuine. Ruby 3, with any Rack server.
# Run: rackup --port 8080 verify.ru
require 'openssl'

SECRET = 'your shared secret'
TOLERANCE_SECONDS = 300

# Checks webhook-signature. The time is signed too: an old call cannot be sent again.
def verify_standard(env, body)
  timestamp = env['HTTP_WEBHOOK_TIMESTAMP'].to_s
  return false unless timestamp.match?(/\A\d{1,12}\z/)
  return false if (Time.now.to_i - timestamp.to_i).abs > TOLERANCE_SECONDS

  key = SECRET.start_with?('whsec_') ? SECRET[6..].unpack1('m') : SECRET
  signed = "#{env['HTTP_WEBHOOK_ID']}.#{timestamp}.".b << body
  expected = "v1,#{[OpenSSL::HMAC.digest('SHA256', key, signed)].pack('m0')}"
  # While the secret is being changed there are two signatures.
  env['HTTP_WEBHOOK_SIGNATURE'].to_s.split.any? { |given| OpenSSL.secure_compare(given, expected) }
end

# Checks X-Nexudus-Hook-Signature, if called instead. The body alone is signed.
def verify_nexudus(env, body)
  expected = OpenSSL::HMAC.hexdigest('SHA256', SECRET, body).upcase
  OpenSSL.secure_compare(env['HTTP_X_NEXUDUS_HOOK_SIGNATURE'].to_s, expected)
end

receive = lambda do |env|
  body = env['rack.input'].read # the bytes that were signed, before anything parses them
  next [401, {}, []] unless verify_standard(env, body)

  # Keep the record, then answer, then work on it.
  warn "#{env['HTTP_POSTHORN_ACTION']} #{body}"
  [204, {}, []]
end

run receive
