using System.Security.Claims;
using AX2Caption.Api.Accounts;
using AX2Caption.Api.AuditLog;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Paging;
using AX2Caption.Api.Requests;
using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Credits;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AX2Caption.Api.Credits;

/// <summary>What operators may do to the credits of any account; each operation leaves the operator's name in the ledger.</summary>
internal static class CreditAdminEndpoints
{
    public static void MapCreditAdminEndpoints(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/admin/accounts/{id:guid}/credits").WithTags("Operators").For(Access.Admin).NoteActs()
            .Refuses(ErrorTable.InvalidRequest, ErrorTable.AccountNotFound);
        group.MapGet("/entries", ListEntries)
            .Refuses(ErrorTable.InvalidCursor)
            .WithSummary("An account's ledger, newest line first");

        var operations = group.MapGroup("")
            .Refuses(ErrorTable.BodyTooLarge, ErrorTable.UnsupportedContentType)
            .Refuses(ErrorTable.IdempotencyKeyMissing, ErrorTable.IdempotencyKeyInvalid, ErrorTable.IdempotencyKeyReused)
            .Refuses(ErrorTable.AccountMoved, ErrorTable.InvalidAmount, ErrorTable.TooManyRequests);
        operations.MapPost("/grants", Grant)
            .Refuses(ErrorTable.InvalidExpiry, ErrorTable.TooManyGrants)
            .WithSummary("Adds credits to an account")
            .WithDescription("The same Idempotency-Key with the same body answers with the same line and adds nothing more.");
        operations.MapPost("/adjustments", Adjust)
            .Refuses(ErrorTable.InsufficientCredits)
            .WithSummary("Corrects an account, up or down")
            .WithDescription("Takes away no more than is available. The same Idempotency-Key with the same body changes nothing more.");
        operations.MapPost("/refunds", Refund)
            .Refuses(ErrorTable.JobNotFound, ErrorTable.JobNotSettled)
            .WithSummary("Gives back credits that a job spent")
            .WithDescription("Never more than it spent. The same Idempotency-Key with the same body gives back nothing more.");
    }

    private static async Task<Results<Ok<Page<OperatorsLedgerLine>>, ErrorResult>> ListEntries(
        Guid id, [AsParameters] EntryFilter filter, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        if (filter.Read(out var query) is { } invalid)
            return invalid;

        var page = await cluster.Call(
            (grains, token) => grains.GetGrain<IUserCreditGrain>(id).QueryEntries(query, token), cancellationToken);
        // A ledger without a line may be that of no account at all.
        if (page.Entries.Count == 0
            && await cluster.Call((grains, token) => grains.GetGrain<IAccountGrain>(id).Get(token), cancellationToken) is null)
            return AccountErrors.NotFound;

        return TypedResults.Ok(new Page<OperatorsLedgerLine>([.. page.Entries.Select(OperatorsLedgerLine.Of)], Cursor.Write(page.Next)));
    }

    private static async Task<Results<Ok<AppliedOperation>, ErrorResult>> Grant(
        Guid id,
        NewGrant body,
        [FromHeader(Name = IdempotencyKey.Header)] string? key,
        ClaimsPrincipal caller,
        ClusterCalls cluster,
        CancellationToken cancellationToken)
    {
        if ((IdempotencyKey.Check(key) ?? AmountCheck.Positive(body.Amount)) is { } invalid)
            return invalid;

        var command = new GrantCredits(
            IdempotencyKey.OperatorsOperationId(id, key!),
            body.Amount,
            body.Reason,
            ReadSource(body.Source),
            Rfc3339.Read(body.ExpiresAt),
            caller.AdminSignature());
        var result = await cluster.Call((grains, _) => grains.GetGrain<IUserCreditGrain>(id).Grant(command), cancellationToken);
        return Answer(result, body.Reason);
    }

    private static async Task<Results<Ok<AppliedOperation>, ErrorResult>> Adjust(
        Guid id,
        NewAdjustment body,
        [FromHeader(Name = IdempotencyKey.Header)] string? key,
        ClaimsPrincipal caller,
        ClusterCalls cluster,
        CancellationToken cancellationToken)
    {
        if ((IdempotencyKey.Check(key) ?? AmountCheck.Signed(body.Amount)) is { } invalid)
            return invalid;

        var command = new AdjustCredits(IdempotencyKey.OperatorsOperationId(id, key!), body.Amount, body.Reason, caller.AdminSignature());
        var result = await cluster.Call((grains, _) => grains.GetGrain<IUserCreditGrain>(id).Adjust(command), cancellationToken);
        return Answer(result, body.Reason);
    }

    private static async Task<Results<Ok<AppliedOperation>, ErrorResult>> Refund(
        Guid id,
        NewRefund body,
        [FromHeader(Name = IdempotencyKey.Header)] string? key,
        ClaimsPrincipal caller,
        ClusterCalls cluster,
        CancellationToken cancellationToken)
    {
        var invalidAmount = body.Amount is { } amount ? AmountCheck.Positive(amount) : null;
        if ((IdempotencyKey.Check(key) ?? invalidAmount) is { } invalid)
            return invalid;

        var command = new RefundCredits(
            IdempotencyKey.OperatorsOperationId(id, key!), body.JobId, body.Amount, body.Reason, caller.AdminSignature());
        var result = await cluster.Call((grains, _) => grains.GetGrain<IUserCreditGrain>(id).Refund(command), cancellationToken);
        return Answer(result, body.Reason);
    }

    private static Results<Ok<AppliedOperation>, ErrorResult> Answer(CreditResult result, string reason) => result switch
    {
        // To the ledger a repeat may be worded anew; of an operator it is another request.
        CreditResult.Applied { Entry: var entry } when entry.Reason != reason => CreditErrors.KeyReused,
        CreditResult.Applied { Entry: var entry } => TypedResults.Ok(AppliedOperation.Of(entry)),
        _ => CreditErrors.Of(result),
    };

    private static GrantSource ReadSource(string? name) =>
        name is not null && WireName<GrantSource>.TryRead(name, out var source) ? source : GrantSource.Operator;
}
