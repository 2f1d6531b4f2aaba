"""The pages of those who work for the city: queue, cases, desk, boards and figures."""

from starlette.routing import BaseRoute, Route

from services.gateway.pages.staff import (
    case,
    consultations,
    duplicates,
    duty,
    figures,
    files,
    follow_ups,
    hotline,
    orders,
    queue,
    register_pages,
    report,
    rules,
    working_days,
)
from services.gateway.pages.staff.mediation import filing
from services.gateway.pages.staff.mediation import pages as mediation

ROUTES: list[BaseRoute] = [
    Route("/work", queue.work_queue),
    Route("/work/by-receipt", hotline.by_receipt),
    Route("/work/petitions/{id}", case.case),
    Route("/work/petitions/{id}/attachments", files.attach, methods=["POST"]),
    Route("/work/petitions/{id}/{verb}", case.act, methods=["POST"]),
    Route("/work/hotline", hotline.hotline, methods=["GET"]),
    Route("/work/hotline", hotline.take_down, methods=["POST"]),
    Route("/work/hotline/places", hotline.find_places),
    Route("/work/hotline/alike", hotline.find_alike, methods=["POST"]),
    Route("/work/hotline/{id}", hotline.taken_down),
    Route("/work/duplicates", duplicates.workbench),
    Route("/work/duplicates/{id}", duplicates.side_by_side),
    Route("/work/consultations", consultations.board),
    Route("/work/follow-ups", follow_ups.call_list),
    Route("/work/duty", duty.duty_board),
    Route("/work/statistics", figures.figures),
    Route("/work/statistics/report", report.monthly_report),
    Route("/work/orders", orders.board),
    Route("/work/orders/{id}", orders.order),
    Route("/work/orders/{id}/{verb}", orders.act, methods=["POST"]),
    Route("/work/disputes", mediation.queue),
    Route("/work/disputes/new", filing.new, methods=["GET"]),
    Route("/work/disputes/new", filing.file, methods=["POST"]),
    Route("/work/disputes/{id}", mediation.room),
    Route("/work/disputes/{id}/evidence", mediation.file_evidence, methods=["POST"]),
    Route("/work/disputes/{id}/{what}", mediation.begin, methods=["POST"]),
    Route("/work/disputes/{id}/{collection}/{of}/{verb}", mediation.act, methods=["POST"]),
    Route("/work/calendar", working_days.calendar),
    Route("/work/registers/rules/{id}", rules.rule, methods=["GET"]),
    Route("/work/registers/rules/{id}/preview", rules.preview, methods=["POST"]),
    Route("/work/registers/{register}", register_pages.listing, methods=["GET"]),
    Route("/work/registers/{register}", register_pages.create, methods=["POST"]),
    Route("/work/registers/{register}/{id}", register_pages.thing),
    Route("/work/registers/{register}/{id}/{verb}", register_pages.act, methods=["POST"]),
]
