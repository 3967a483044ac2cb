using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AX2Caption.Grains.Abstractions.Webhooks;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Webhooks;

/// <summary>
/// Posts events. Nothing of ours goes along but the event: no proxy of the environment, no cookies, no credentials, no trace;
/// nothing is followed, and of what comes back little is read.
/// </summary>
internal sealed class WebhookHttp : IDisposable
{
    /// <summary>What is read and kept of an answer's body.</summary>
    private const int KeptCharacters = 1024;

    private const int MaximumBytesPerCharacter = 4;

    private const int MaximumHeaderKilobytes = 16;

    /// <summary>For the body, which decides nothing: whoever is slow with it holds a place that others wait for.</summary>
    private static readonly TimeSpan BodyTimeout = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(1);

    private readonly OutboundAddressPolicy policy;
    private readonly TimeSpan timeout;
    private readonly TimeProvider time;
    private readonly HttpClient http;

    public WebhookHttp(OutboundConnector connector, OutboundAddressPolicy policy, IOptions<WebhookOptions> options, TimeProvider time)
    {
        (this.policy, this.time, timeout) = (policy, time, options.Value.Timeout);
        http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = connector.Connect,
            ConnectTimeout = options.Value.Timeout,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = MaximumHeaderKilobytes,
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = ConnectionLifetime,
            PooledConnectionIdleTimeout = ConnectionLifetime / 2,
        })
        {
            // Each request has its own.
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        };
    }

    public void Dispose() => http.Dispose();

    /// <summary>Makes one attempt. What goes wrong on the way is an answer too.</summary>
    public async Task<WebhookAnswer> Post(ClaimedDelivery delivery, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (policy.Refuse(delivery.Url) is not null)
        {
            return new WebhookAnswer(WebhookFault.AddressRefused);
        }

        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = Request(delivery, now);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var body = await Read(response, either.Token);
            return new WebhookAnswer(FaultOf(response.StatusCode), (int)response.StatusCode, body, WaitOf(response, now));
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested && Known(fault) is { } known)
        {
            return new WebhookAnswer(known);
        }
    }

    private static HttpRequestMessage Request(ClaimedDelivery delivery, DateTimeOffset now)
    {
        var body = Encoding.UTF8.GetBytes(delivery.Payload);
        var timestamp = now.ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Add("User-Agent", "AX2Caption-Webhooks/1");
        request.Headers.Add(WebhookSignature.IdHeader, $"{delivery.EventId}");
        request.Headers.Add(WebhookSignature.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign(delivery.EventId, timestamp, body, delivery.SecretsAt(now)));
        return request;
    }

    private static WebhookFault? FaultOf(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => null,
        >= 300 and < 400 => WebhookFault.Redirected,
        (int)HttpStatusCode.Gone => WebhookFault.Gone,
        _ => WebhookFault.BadStatus,
    };

    private static TimeSpan? WaitOf(HttpResponseMessage response, DateTimeOffset now) =>
        response.Headers.RetryAfter is { } wish ? wish.Delta ?? (wish.Date - now) : null;

    /// <summary>
    /// The beginning of the body as text: no more is read than is kept, and not for long. The answer counts, whatever becomes of its body.
    /// A body that is not read to its end costs the connection.
    /// </summary>
    private async Task<string?> Read(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(BodyTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var bytes = new byte[KeptCharacters * MaximumBytesPerCharacter];
        var length = 0;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            while (WholeCharacters(bytes.AsSpan(0, length)) < KeptCharacters && length < bytes.Length
                && await body.ReadAsync(bytes.AsMemory(length), either.Token) is > 0 and var read)
            {
                length += read;
            }
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
        }

        return length == 0 ? null : Printable(Encoding.UTF8.GetString(bytes, 0, length));
    }

    /// <summary>Without one that has only begun.</summary>
    private static int WholeCharacters(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetDecoder().GetCharCount(bytes, flush: false);

    /// <summary>What a table and a page can show: no control characters but line breaks and tabs, no halves of characters.</summary>
    private static string Printable(string text)
    {
        var kept = new StringBuilder(KeptCharacters);
        foreach (var rune in text.EnumerateRunes())
        {
            var shown = Rune.IsControl(rune) && rune.Value is not ('\n' or '\r' or '\t') ? Rune.ReplacementChar : rune;
            if (kept.Length + shown.Utf16SequenceLength > KeptCharacters)
            {
                break;
            }

            kept.Append(shown);
        }

        return kept.ToString();
    }

    private static WebhookFault? Known(Exception fault) => fault switch
    {
        HttpRequestException { InnerException: AddressRefusedException } => WebhookFault.AddressRefused,
        HttpRequestException { InnerException: TimeoutException } => WebhookFault.Timeout,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => WebhookFault.TlsFailed,
        HttpRequestException
        {
            HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.ConfigurationLimitExceeded
                or HttpRequestError.VersionNegotiationError,
        } => WebhookFault.InvalidAnswer,
        HttpRequestException or IOException => WebhookFault.ConnectionFailed,
        OperationCanceledException => WebhookFault.Timeout,
        _ => null,
    };
}

/// <summary>What came of an attempt.</summary>
internal sealed record WebhookAnswer(WebhookFault? Fault, int? Status = null, string? Response = null, TimeSpan? RetryAfter = null);
